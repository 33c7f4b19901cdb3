"""How every command of ``jixiao`` tells what went wrong."""

from __future__ import annotations

import inspect
from typing import Any

import click

from jixiao.errors import JixiaoError

USAGE: int = 2
PARTIAL_FAILURE: int = 1
INTERRUPTED: int = 130


class CommandGroup(click.Group):
    """A group whose commands end with a message, not a traceback, where the caller can help it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = keep_examples(self.help)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except JixiaoError as error:
            raise CommandError(str(error)) from error


class TeachingCommand(click.Command):
    """A command whose help keeps its examples as they are laid out."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = keep_examples(self.help)


def keep_examples(text: str | None) -> str | None:
    r"""Return a help text in which paragraphs with indented lines are not wrapped.

    >>> keep_examples("Look.\n\nFor example:\n  jixiao show a.txt")
    'Look.\n\n\x08\nFor example:\n  jixiao show a.txt'
    """
    if text is None:
        return None
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(f"\b\n{part}" if "\n  " in part else part for part in paragraphs)


class CommandError(click.ClickException):
    """A named error of the package, as a message on stderr; the exit code is 2."""

    exit_code = USAGE
