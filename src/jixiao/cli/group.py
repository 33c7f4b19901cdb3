"""How every command of ``jixiao`` tells what went wrong."""

from __future__ import annotations

from typing import Any

import click

from jixiao.errors import JixiaoError

USAGE: int = 2
PARTIAL_FAILURE: int = 1
INTERRUPTED: int = 130


class CommandGroup(click.Group):
    """A group whose commands end with a message, not a traceback, where the caller can help it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except JixiaoError as error:
            raise CommandError(str(error)) from error


class CommandError(click.ClickException):
    """A named error of the package, as a message on stderr; the exit code is 2."""

    exit_code = USAGE
