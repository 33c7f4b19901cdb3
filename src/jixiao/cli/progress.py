"""The progress of a run on stderr, where someone is looking."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from jixiao.batch.run import Progress as RunProgress


class _DocumentsColumn(ProgressColumn):
    """Documents done, of all, a second, and how many failed."""

    def render(self, task: Task) -> Text:
        now: RunProgress | None = task.fields["now"]
        if now is None:
            return Text("finding reports", style="dim")
        text = Text(f"{now.documents:,} of {now.all_documents:,}")
        if task.elapsed:
            text.append(f"  {now.documents / task.elapsed:,.1f}/s", style="cyan")
        return text.append(f"  {now.failed:,} failed", style="red") if now.failed else text


@contextmanager
def progress_bar() -> Iterator[Callable[[RunProgress], None] | None]:
    """Show a bar while the run inside goes on; yields what the run calls after each document.

    The bar and the time left go by bytes, because reports differ in length. Nothing is shown, and
    None yielded, where stderr is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    left = TimeRemainingColumn(compact=True, elapsed_when_finished=False)
    columns = (BarColumn(), _DocumentsColumn(), TimeElapsedColumn(), "left", left)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, now=None)
        yield lambda now: bar.update(task, completed=now.byte_count, total=now.all_bytes, now=now)
