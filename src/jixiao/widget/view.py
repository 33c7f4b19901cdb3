"""The widget itself: the front end's files, and the messages between it and the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jixiao.annotation import Annotation
from jixiao.errors import ResourceError, SettingsError
from jixiao.exchange.marks import label_of
from jixiao.exchange.reviews import Review
from jixiao.settings import Settings
from jixiao.widget.desk import ReviewDesk
from jixiao.widget.session import Judgement, ReviewSession, Saved
from jixiao.widget.talk import Talk

if TYPE_CHECKING:
    import pandas as pd

try:
    import anywidget
    import traitlets
except ModuleNotFoundError as error:
    raise SettingsError(
        f"the review widget needs {error.name}; install it with: pip install 'jixiao[notebooks]'"
    ) from error

_COLOURS: Final = re.compile(r":root \{(?:\s*color-scheme:[^;]*;)?([^}]*)\}")


@cache
def front_end(name: str) -> str:
    """Return a file of the front end; the style has the colours of the page of a report.

    >>> "--money" in front_end("review.css"), "export default" in front_end("review.js")
    (True, True)
    """
    content = resources.files("jixiao.widget").joinpath(name).read_text("utf-8")
    if not name.endswith(".css"):
        return content
    page = resources.files("jixiao.views.page").joinpath("templates/style.css").read_text("utf-8")
    light, *dark = _COLOURS.findall(page)
    if len(dark) != 1:
        raise ResourceError("style.css of the page has not one :root for light and one for dark")
    return (
        f".jx-review {{ color-scheme: light; {light} }}\n"
        f".jx-review[data-dark] {{ color-scheme: dark; {dark[0]} }}\n{content}"
    )


class ReviewWidget(anywidget.AnyWidget):
    """A report with its mentions, to be judged and corrected in a notebook (:func:`jixiao.review`).

    What the keyboard does can be done from code, too; the front end follows. Ids are those of the records
    (``q12``, ``e3``, ``c4``), of added ones ``n1``, ``n2`` ….
    """

    _esm = front_end("review.js")
    _css = front_end("review.css")
    height = traitlets.Int(680).tag(sync=True)

    def __init__(self, desk: ReviewDesk, **traits: Any) -> None:
        super().__init__(**traits)
        self.desk = desk
        self._talk = Talk(desk)
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        session = self.session
        decided, every = len(session.decisions), len(session.mentions)
        return f"ReviewWidget({session.document.doc_id!r}, {decided} of {every} decided)"

    @property
    def session(self) -> ReviewSession:
        """The review of the document that is shown."""
        return self.desk.current

    def judge(
        self, names: str | Sequence[str], verdict: Judgement | None, note: str | None = None
    ) -> None:
        """Say that mentions are right, wrong or doubtful (:meth:`ReviewSession.judge`)."""
        self._tell(self.session.judge(names, verdict, note))

    def correct(self, name: str, changes: Mapping[str, Any], note: str | None = None) -> None:
        """Correct fields of a mention (:meth:`ReviewSession.correct`)."""
        self._tell(self.session.correct(name, changes, note))

    def add(
        self, start: int, end: int, label: str, fields: Mapping[str, Any] | None = None
    ) -> None:
        """Add a mention (:meth:`ReviewSession.add`)."""
        self._tell(self.session.add(start, end, label, fields))

    def delete(self, names: str | Sequence[str]) -> None:
        """Strike mentions out (:meth:`ReviewSession.delete`)."""
        self._tell(self.session.delete(names))

    def undo(self) -> None:
        """Take the last edit back."""
        self._tell(self.session.undo())

    def redo(self) -> None:
        """Make the edit again that was undone last."""
        self._tell(self.session.redo())

    def show(self, doc_id: str) -> None:
        """Show another document of the run.

        Raises
        ------
        SettingsError
            If there is no such document.
        """
        self._heard(self, {"do": "open", "document": doc_id}, [])

    def save(self) -> Saved:
        """Write every document that has edits into the folder of reviewed annotations.

        Raises
        ------
        SettingsError
            If nobody says who reviewed.
        OutputError, RecordError
            If a file cannot be written, or what is there is no review.
        """
        done = self.desk.save()
        self._tell([])
        return done

    def decisions(self) -> pd.DataFrame:
        """Return the decisions on the document that is shown as a table, in the order of the text."""
        import pandas as pd

        columns = ["id", "record", "label", "text", "verdict", "reviewer", "time", "note"]
        rows = [
            [one.id, one.layer, label_of(one.record), one.record.text, *_told(one.review)]
            for one in self.session.mentions
            if one.review is not None
        ]
        return pd.DataFrame(rows, columns=columns)

    def _tell(self, names: Sequence[str]) -> None:
        self._pass_on(*self._talk.packed(self._talk.patch(names)))

    def _heard(self, _: object, content: Mapping[str, Any], __: object) -> None:
        self._pass_on(*self._talk.answer(content))

    def _pass_on(self, reply: Mapping[str, Any], packed: bytes | None) -> None:
        self.send(reply, [packed] if packed is not None else None)


def _told(review: Review) -> list[str | None]:
    return [review.verdict, review.reviewer, review.time, review.note]


def review(
    source: str | Path | Annotation,
    out: str | Path | None = None,
    *,
    reviewer: str | None = None,
    document: str | None = None,
    settings: Settings | None = None,
    height: int = 680,
) -> ReviewWidget:
    """Return a widget that shows a report with its mentions, to be judged, corrected and saved.

    It opens with the decisions that ``out`` holds already, so that the same call goes on with a review.
    Saving (``s``) writes ``reviews/``, one line a decision with reviewer and time, and the annotation that
    follows from them; ``jixiao import OUT --from reviews --onto RUN`` carries the decisions to a newer run.

    Parameters
    ----------
    source
        The output of ``jixiao annotate``, one annotation file of it, a report that is annotated on the
        spot, or an annotation as :func:`jixiao.annotate` returns it. A ``str`` is a path.
    out
        The folder of reviewed annotations; ``<run>-reviewed`` beside a run, else ``annotations-reviewed``.
    reviewer
        Who decides; can be typed in the widget as well, before the first save.
    document
        The document of a run to begin with; the others can be chosen in the widget.
    settings
        Those of the run: with the user's catalogue, its indicators can be chosen.
    height
        In pixels; the lower edge can be dragged.

    Raises
    ------
    SettingsError
        If there is nothing to review, ``out`` is what is read, or the extra ``notebooks`` is missing.
    OutputError
        If ``out`` is the output of a run, or a file cannot be read.
    DocumentError
        If a file cannot be read as a report.

    Examples
    --------
    >>> import jixiao
    >>> widget = jixiao.review(jixiao.annotate("全年新建学校3所，新增学位1080个。"), reviewer="李")
    >>> widget.judge("q1", "correct")
    >>> widget
    ReviewWidget('text', 1 of 3 decided)
    """
    desk = ReviewDesk(source, out, reviewer=reviewer, settings=settings)
    if document is not None:
        desk.open(document)
    return ReviewWidget(desk, height=height)
