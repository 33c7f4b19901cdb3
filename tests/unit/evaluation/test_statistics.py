"""Intervals, p-values and calibration: by hand, and against other libraries."""

from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao.errors import SettingsError
from jixiao.evaluation.calibration import calibrate
from jixiao.evaluation.comparison import randomisation_test
from jixiao.evaluation.intervals import FEW, Method, bootstrap_ratio
from jixiao.evaluation.scores import Counts

_PARTS = [3, 8, 5, 9, 1, 7, 6, 4, 9, 2, 8, 5]
_WHOLES = [10, 10, 9, 10, 4, 8, 9, 9, 12, 6, 10, 7]


class TestBootstrap:
    def test_the_interval_holds_the_ratio_and_repeats_with_its_seed(self) -> None:
        found = bootstrap_ratio(_PARTS, _WHOLES, seed=7)
        assert found is not None
        assert found.low < sum(_PARTS) / sum(_WHOLES) < found.high
        assert (found.method, found.documents, found.few) == ("BCa", 12, False)
        assert found == bootstrap_ratio(_PARTS, _WHOLES, seed=7)
        assert found != bootstrap_ratio(_PARTS, _WHOLES, seed=8)

    def test_it_is_close_to_the_normal_interval_of_a_ratio(self) -> None:
        # The variance of a ratio of sums by linearisation (Cochran 1977, section 2.11).
        rng = np.random.default_rng(1)
        wholes = rng.integers(20, 60, size=300)
        parts = rng.binomial(wholes, 0.8)
        ratio = parts.sum() / wholes.sum()
        residuals = parts - ratio * wholes
        error = residuals.std(ddof=1) * np.sqrt(len(parts)) / wholes.sum()
        found = bootstrap_ratio(parts.tolist(), wholes.tolist())
        assert found is not None
        assert found.low == pytest.approx(ratio - 1.96 * error, abs=0.25 * error)
        assert found.high == pytest.approx(ratio + 1.96 * error, abs=0.25 * error)

    def test_a_wider_level_gives_a_wider_interval(self) -> None:
        wide = bootstrap_ratio(_PARTS, _WHOLES, level=0.99)
        narrow = bootstrap_ratio(_PARTS, _WHOLES, level=0.5)
        assert wide is not None
        assert narrow is not None
        assert wide.low < narrow.low < narrow.high < wide.high

    def test_few_documents_are_said(self) -> None:
        found = bootstrap_ratio(_PARTS[: FEW - 1], _WHOLES[: FEW - 1])
        assert found is not None
        assert found.few

    def test_documents_without_anything_are_left_out(self) -> None:
        empty = [0] * 50
        found = bootstrap_ratio([*_PARTS[:5], *empty], [*_WHOLES[:5], *empty])
        assert found == bootstrap_ratio(_PARTS[:5], _WHOLES[:5])
        assert found is not None
        assert found.documents == 5

    @pytest.mark.parametrize(
        ("parts", "wholes"),
        [([], []), ([3], [4]), ([3, 0], [4, 0]), ([4, 9], [4, 9]), ([0, 0], [4, 9])],
        ids=["nothing", "one", "one that counts", "all right", "all wrong"],
    )
    def test_where_nothing_varies_there_is_no_interval(
        self, parts: list[int], wholes: list[int]
    ) -> None:
        assert bootstrap_ratio(parts, wholes) is None

    @settings(deadline=None, max_examples=30)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8))
    def test_the_ends_are_ratios_in_order(self, pairs: list[tuple[int, int]]) -> None:
        parts, wholes = [a for a, _ in pairs], [a + b for a, b in pairs]
        found = bootstrap_ratio(parts, wholes, resamples=50)
        if found is not None:
            assert 0 <= found.low <= found.high <= 1
            assert found.method in get_args(Method)

    def test_no_resamples_are_refused(self) -> None:
        with pytest.raises(SettingsError, match="resamples is 0"):
            bootstrap_ratio(_PARTS, _WHOLES, resamples=0)
        with pytest.raises(SettingsError, match=r"level 1\.5"):
            bootstrap_ratio(_PARTS, _WHOLES, level=1.5)


def swap_all(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> float:
    """The two-sided p-value by trying every swap, in so many words."""

    def ratio(parts: list[tuple[int, int]]) -> float:
        whole = sum(b for _, b in parts)
        return sum(a for a, _ in parts) / whole if whole else 0.0

    found = abs(ratio(second) - ratio(first))
    extreme = 0
    for swaps in product([False, True], repeat=len(first)):
        one = [b if swap else a for a, b, swap in zip(first, second, swaps, strict=True)]
        other = [a if swap else b for a, b, swap in zip(first, second, swaps, strict=True)]
        extreme += abs(ratio(other) - ratio(one)) >= found - 1e-9
    return extreme / 2 ** len(first)


_RESULTS = st.tuples(st.integers(0, 4), st.integers(1, 4)).map(lambda ab: (ab[0], ab[0] + ab[1]))


class TestRandomisation:
    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.tuples(_RESULTS, _RESULTS), min_size=1, max_size=6))
    def test_all_swaps_give_the_exact_value(
        self, pairs: list[tuple[tuple[int, int], tuple[int, int]]]
    ) -> None:
        first, second = [a for a, _ in pairs], [b for _, b in pairs]
        found, exact = randomisation_test(first, second)
        assert exact
        assert found == pytest.approx(swap_all(first, second))

    def test_many_documents_are_sampled_with_a_seed(self) -> None:
        rng = np.random.default_rng(3)
        first = [(int(n), 10) for n in rng.integers(3, 9, size=30)]
        ups = rng.integers(0, 2, size=30).tolist()
        second = [(min(n + up, 10), 10) for (n, _), up in zip(first, ups, strict=True)]
        found, exact = randomisation_test(first, second, permutations=999, seed=5)
        assert not exact
        assert found == randomisation_test(first, second, permutations=999, seed=5)[0]
        assert 1 / 1000 <= found < 0.05

    def test_runs_that_swap_their_places_get_the_same_value(self) -> None:
        first, second = [(1, 3), (2, 3), (0, 4)], [(2, 3), (2, 4), (1, 4)]
        assert randomisation_test(first, second) == randomisation_test(second, first)

    def test_equal_runs_do_not_differ(self) -> None:
        assert randomisation_test([(1, 3), (2, 3)], [(1, 3), (2, 3)]) == (1.0, True)

    def test_one_document_shows_nothing(self) -> None:
        assert randomisation_test([(0, 9)], [(9, 9)]) == (1.0, True)

    def test_no_permutations_are_refused(self) -> None:
        with pytest.raises(SettingsError, match="permutations is 0"):
            randomisation_test([(0, 9)], [(9, 9)], permutations=0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_scikit_learn_finds_the_same_ratios(found: list[tuple[bool, bool]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    gold, predicted = [a for a, _ in found], [b for _, b in found]
    ours = Counts(found.count((True, True)), found.count((False, True)), found.count((True, False)))
    theirs = metrics.precision_recall_fscore_support(
        gold, predicted, average="binary", pos_label=True, zero_division=np.nan
    )
    for one, other in zip((ours.precision, ours.recall, ours.f1), theirs, strict=False):
        assert (np.nan if one is None else one) == pytest.approx(other, nan_ok=True)


_JUDGED = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.97, 1.0]), st.booleans()),
    min_size=1,
    max_size=30,
)


class TestCalibration:
    def test_without_records_there_is_none(self) -> None:
        assert calibrate([]) is None

    def test_a_confidence_is_a_share(self) -> None:
        with pytest.raises(SettingsError, match=r"from 0\.5 to 1\.5"):
            calibrate([(1.5, True), (0.5, False)])

    def test_error_weighs_the_bins_by_their_records(self) -> None:
        found = calibrate([(0.9, True), (0.9, True), (0.9, False), (0.3, False)], bins=10)
        assert found is not None
        assert found.error == pytest.approx((3 * abs(2 / 3 - 0.9) + 1 * 0.3) / 4)

    def test_a_bin_holds_its_upper_end(self) -> None:
        found = calibrate([(0.5, True), (0.51, True), (0.0, False)], bins=2)
        assert found is not None
        assert [one.number for one in found.bins] == [2, 1]

    def test_risk_is_that_of_what_is_kept(self) -> None:
        found = calibrate([(0.9, True), (0.8, False), (0.8, True), (0.1, False)])
        assert found is not None
        assert [(p.threshold, p.coverage, p.risk) for p in found.curve] == [
            (0.9, 0.25, 0.0),
            (0.8, 0.75, pytest.approx(1 / 3)),
            (0.1, 1.0, 0.5),
        ]
        assert found.area == pytest.approx(0.5 / 3 + 0.25 * 0.5)

    @settings(deadline=None)
    @given(_JUDGED)
    def test_scikit_learn_finds_the_same(self, judged: list[tuple[float, bool]]) -> None:
        metrics = pytest.importorskip("sklearn.metrics")
        calibration_curve = pytest.importorskip("sklearn.calibration").calibration_curve
        found = calibrate(judged, bins=1)
        assert found is not None
        confidences, rights = [c for c, _ in judged], [r for _, r in judged]
        brier = metrics.brier_score_loss(rights, confidences, pos_label=True, labels=[0, 1])
        assert found.brier == pytest.approx(brier)
        true, mean = calibration_curve([*rights, True, False], [*confidences, 1, 0], n_bins=1)
        whole = calibrate([*judged, (1.0, True), (0.0, False)], bins=1)
        assert whole is not None
        assert whole.bins[0].accuracy == pytest.approx(true[0])
        assert whole.bins[0].confidence == pytest.approx(mean[0])

    @settings(deadline=None)
    @given(_JUDGED, st.randoms(use_true_random=False))
    def test_order_and_repetition_change_nothing(
        self, judged: list[tuple[float, bool]], random: np.random.Generator
    ) -> None:
        again = [*judged, *judged]
        random.shuffle(again)
        once, twice = calibrate(judged), calibrate(again)
        assert once is not None
        assert twice is not None
        assert twice.error == pytest.approx(once.error)
        assert twice.area == pytest.approx(once.area)
        assert [(p.coverage, p.risk) for p in twice.curve] == [
            (p.coverage, p.risk) for p in once.curve
        ]

    @settings(deadline=None)
    @given(_JUDGED)
    def test_all_kept_leaves_every_mistake(self, judged: list[tuple[float, bool]]) -> None:
        found = calibrate(judged)
        assert found is not None
        last = found.curve[-1]
        assert last.coverage == 1
        assert last.risk == pytest.approx([right for _, right in judged].count(False) / len(judged))
