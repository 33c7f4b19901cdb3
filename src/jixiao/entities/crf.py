"""A linear-chain CRF whose weights are summed once for each thing that is seen.

Every feature is a function of one word, of two neighbouring tags or labels, or of a small state, so
that the weights of each are summed once and looked up afterwards, and a document costs a few array
operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, Final, cast

from jixiao.entities.features import NEAR, OFFSETS, of_name, of_state, of_verb, of_word
from jixiao.entities.sequences import Tokens, ranges
from jixiao.entities.states import States
from jixiao.entities.vocabulary import Vocabulary, grown
from jixiao.resources import MODELS, load_model, table_cache

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jixiao.entities.vocabulary import Ints

    Floats = npt.NDArray[np.float32]

MODEL: Final = MODELS["ner"]


class _Sums(dict[Any, int]):
    """Rows of summed weights by key, one for each of the places a key is seen from.

    Row 0 is that of a place beyond the edge of the sentence.
    """

    def __init__(self, model: Model, expand: Callable[..., list[str]], seen: Sequence[Any]) -> None:
        self._table = _Table(model, expand, seen)

    @property
    def rows(self) -> list[Floats]:
        """The rows, for each place a key is seen from."""
        return self._table.rows

    def ids(self, keys: Sequence[Any]) -> Ints:
        """Return the rows of keys."""
        import numpy as np

        if len(self) + len(keys) > _MOST_KEYS:
            self.clear()
        new = list(dict.fromkeys(key for key in keys if key not in self))
        if new:
            first = len(self) + 1
            self._table.set(np.arange(first, first + len(new)), new)
            self.update(zip(new, range(first, first + len(new)), strict=True))
        return np.array([self[key] for key in keys], dtype=np.int64)


class _Table:
    """Rows of summed weights, one table for each of the places from which something is seen."""

    def __init__(self, model: Model, expand: Callable[..., list[str]], seen: Sequence[Any]) -> None:
        import numpy as np

        self._model = model
        self._expand = expand
        self._seen = seen
        self.rows: list[Floats] = [
            np.zeros((256, len(model.labels)), dtype=np.float32) for _ in seen
        ]

    def set(self, places: Ints, keys: Sequence[Any]) -> None:
        """Set the rows of keys, all at once: each array operation costs more than its arithmetic."""
        self.rows = [grown(rows, int(places.max()) + 1) for rows in self.rows]
        for rows, one in zip(self.rows, self._seen, strict=True):
            rows[places] = self._model.vectors([self._expand(one, key) for key in keys])


class _WordSums:
    """Rows of summed weights by the number of a word; row 0 is that of no word."""

    def __init__(
        self,
        model: Model,
        expand: Callable[..., list[str]],
        seen: Sequence[Any],
        none: list[Floats],
    ) -> None:
        self._made_of = model, expand, seen
        self._none = none
        self._known: Vocabulary | None = None

    def rows(self, known: Vocabulary, numbers: Ints) -> list[Floats]:
        """Return the tables, in which a word's row is one behind its number."""
        import numpy as np

        if self._known is not known:
            self._known, self._table = known, _Table(*self._made_of)
            self._filled = np.zeros(256, dtype=np.bool_)
            for rows, row in zip(self._table.rows, self._none, strict=True):
                rows[0] = row
        self._filled = grown(self._filled, len(known.texts))
        if not self._filled[numbers].all():
            new = np.unique(numbers[~self._filled[numbers]])
            words = [(known.texts[number], known.tags[number]) for number in new.tolist()]
            self._table.set(new + 1, words)
            self._filled[new] = True
        return self._table.rows


_MOST_KEYS: Final = 50_000


class Model:
    """The weights of features and of transitions, with the sums that were asked for so far."""

    def __init__(
        self,
        labels: Sequence[str],
        transitions: Sequence[Sequence[float]],
        weights: Mapping[str, Mapping[str, float]],
    ) -> None:
        import numpy as np

        self.labels = list(labels)
        self._numbers = {feature: number for number, feature in enumerate(weights, start=1)}
        self._dense = np.zeros((len(weights) + 1, len(self.labels)))
        for number, own in enumerate(weights.values(), start=1):
            self._dense[number, list(map(int, own))] = list(own.values())
        self._passing: Floats = np.exp(np.array(transitions, dtype=np.float64))
        if self._passing.shape != (len(labels), len(labels)):
            raise ValueError(f"transitions between {len(labels)} labels: {self._passing.shape}")
        self._beginning: Floats = self.vectors([["b"], [], ["cell"]]).astype(np.float32)
        edges = [self.vector([f"{offset}edge"]) for offset in OFFSETS]
        self._words = _WordSums(self, of_word, OFFSETS, edges)
        self._verbs = _WordSums(self, of_verb, ["t"], [self.vector(["t="])])
        self._named = _Sums(self, of_name, NEAR)
        # Most tokens are in no list and no quotation, so that these three are looked up as one.
        self._marked = _Sums(self, of_state, ["cqn"])
        self._tag_ids, self._before, self._behind = self._pairs("pp", "pn")
        self._label_ids, self._labelled = self._pairs("rr")

    def vector(self, features: Sequence[str]) -> Floats:
        """Return the sum of the weights of features, by label."""
        found: Floats = self.vectors([features])[0]
        return found

    def vectors(self, many: Sequence[Sequence[str]]) -> Floats:
        """Return the sums of the weights of many sets of features, a row for each."""
        import numpy as np

        known = self._numbers
        # Each begins with the row of zeros, so that none is empty. In which order a sum is taken shows in
        # no single-precision number: the weights have three decimals.
        rows = [[0, *[known[one] for one in features if one in known]] for features in many]
        starts = [0, *accumulate(map(len, rows[:-1]))]
        found: Floats = np.add.reduceat(self._dense.take(list(chain(*rows)), axis=0), starts)
        return found

    def _pairs(self, *names: str) -> Any:
        """Return the numbers of the values that occur in pairs, and the sums of each pair by name.

        The number 0 is that of every other value.
        """
        import numpy as np

        known = [feature for feature in self._numbers if feature.partition("=")[0] in names]
        values = {value for feature in known for value in feature.partition("=")[2].split("|")}
        ids = {value: number for number, value in enumerate(sorted(values), start=1)}
        tables = {
            name: np.zeros((len(ids) + 1, len(ids) + 1, len(self.labels)), np.float32)
            for name in names
        }
        for feature in known:
            name, _, pair = feature.partition("=")
            left, _, right = pair.partition("|")
            tables[name][ids[left], ids[right]] = self.vector([feature])
        return ids, *(tables[name] for name in names)

    def scores(self, tokens: Tokens, states: States) -> Floats:
        """Return the score of each label for each token: the weights of :func:`features_of`."""
        return self.by_words(tokens) + self.by_states(tokens, states)

    def by_words(self, tokens: Tokens) -> Floats:
        """Return what the words around each token add to its scores."""
        import numpy as np

        places = np.append(tokens.numbers + 1, 0)
        total = np.tile(self._beginning[0], (len(tokens.numbers), 1))
        tables = self._words.rows(tokens.known, tokens.numbers)
        for rows, offset in zip(tables, OFFSETS, strict=True):
            total += rows.take(places.take(tokens.beside(offset)), axis=0)
        return total

    def by_states(self, tokens: Tokens, states: States) -> Floats:
        """Return what surrounds each token and the pairs of neighbouring tags add to its scores."""
        import numpy as np

        seen = {offset: tokens.beside(offset) for offset in NEAR}
        verbs = self._verbs.rows(tokens.known, states.verbs[states.verbs >= 0])[0]
        total = verbs.take(states.verbs + 1, axis=0)
        marked = self._marked.ids(states.marked.values)[states.marked.codes]
        total += self._marked.rows[0].take(marked, axis=0)
        total += self._beginning.take(tokens.in_cell[tokens.sentence] + 1, axis=0)
        ids = np.append(self._named.ids(states.named.values)[states.named.codes], 0)
        for rows, offset in zip(self._named.rows, NEAR, strict=True):
            total += rows.take(ids.take(seen[offset]), axis=0)
        # Behind the last stands what is at a sentence's edge: nothing.
        tags = np.append(tokens.known.answers(self._tag_id)[tokens.numbers], self._tag_id("", ""))
        known = [self._label_ids.get(label, 0) for label, _ in (*states.named.values, ("", ""))]
        labels = np.array(known)[np.append(states.named.codes, -1)]
        total += _of_pairs(self._before, tags[seen[-1]], tags[:-1])
        total += _of_pairs(self._behind, tags[:-1], tags[seen[1]])
        total += _of_pairs(self._labelled, labels[seen[-1]], labels[:-1])
        return total

    def _tag_id(self, _text: str, tag: str) -> int:
        return cast("int", self._tag_ids.get(tag, 0))

    def marginals(self, scores: Floats, tokens: Tokens) -> Floats:
        """Return the probability of each label for each token, by the forward-backward algorithm.

        All sentences take a step at once, from both of their ends; the tokens of a step stand side by
        side, those of the longest sentences first.
        """
        import numpy as np

        firsts, sizes = tokens.firsts, tokens.sizes
        ranked = np.argsort(-sizes, kind="stable")
        lengths = sizes[ranked]
        active = np.searchsorted(-lengths, -np.arange(lengths[0]))
        bounds = [0, *active.cumsum().tolist()]
        step_of = np.repeat(np.arange(len(active)), active)
        rank = ranked[ranges(np.zeros_like(active), active)]
        ahead = firsts[rank] + step_of
        back = firsts[rank] + sizes[rank] - 1 - step_of
        # In double precision the products of eight steps stay in range, so that not every step has to be
        # scaled: of many short array operations each costs more than its arithmetic.
        local = np.exp(scores - _highest(scores)).astype(np.float64)
        count = len(self.labels)
        # Side by side in a row: what leads to a token from ahead, and to another one from behind.
        summed = local.take(np.stack([ahead, back], axis=1), axis=0).reshape(-1, 2 * count)
        reached = np.empty_like(summed)
        reached[: bounds[1]] = 1
        passing = np.zeros((2 * count, 2 * count))
        passing[:count, :count] = self._passing
        passing[count:, count:] = self._passing.T
        for step in range(1, len(active)):
            before, low, high = bounds[step - 1], bounds[step], bounds[step + 1]
            here = reached[low:high]
            np.matmul(summed[before : before + high - low], passing, out=here)
            if step % _UNSCALED == 0:
                ways = here.reshape(-1, 2, count)
                ways /= ways.sum(axis=2, keepdims=True)
            summed[low:high] *= here
        both: Floats = np.empty_like(local)
        both[ahead] = summed[:, :count]
        local[back] = reached[:, count:]
        both *= local
        both /= (both @ np.ones(count))[:, np.newaxis]
        return both


_UNSCALED: Final = 8


def _highest(rows: Floats) -> Floats:
    """Return the maximum of each row, as a column: numpy is slow along short rows, and fast across."""
    import numpy as np

    highest: Floats = np.ascontiguousarray(rows.T).max(axis=0)
    return highest[:, np.newaxis]


def _of_pairs(table: Floats, left: Ints, right: Ints) -> Floats:
    """Return the sums of pairs: ``table[left, right]``, by rows, which is several times faster."""
    size = len(table)
    return table.reshape(size * size, -1).take(left * size + right, axis=0)


@table_cache()
def model() -> Model:
    """Return the model in use, the user's or that of the package, read when first asked for.

    Raises
    ------
    ResourceError
        If the file holds no model.
    """
    return read_model(None)


def read_model(content: str | None) -> Model:
    """Return the model that a file's content holds; None: that in use.

    Raises
    ------
    ResourceError
        If it holds none.
    """

    def build(stored: Any) -> Model:
        return Model(stored["labels"], stored["transitions"], stored["weights"])

    return load_model("ner", build, content)
