"""What every command shares: consoles, progress bars, exit codes."""

import json
import sys
from enum import IntEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from typer import TyperException


class Exit(IntEnum):
    """Exit codes of all commands."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOTHING_TO_DO = 3
    SETUP = 4
    INTERRUPTED = 130


out = Console()
err = Console(stderr=True)


def progress_bar() -> Progress:
    """A bar on standard error, so that standard output stays machine-readable."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=False,
    )


def emit(value: object) -> None:
    """Print machine-readable output, one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def usage_zh(error: TyperException) -> str:
    """What is wrong with a command line and where help stands; the library itself speaks English only."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    if hasattr(error, "option_name"):
        problem = "没有这个选项" if hasattr(error, "possibilities") else "没有给出它的值"
        text = f"选项 {error.option_name}：{problem}"
    elif parameter is not None:
        text = f"{parameter.get_error_hint()}（{parameter.help}）{'的值不对' if error.message else '没有给出'}"
    elif context is not None and context.parent is None:
        text = "没有这个命令，或没有给出命令"
    else:
        text = "多给了参数"
    verb = f" {context.info_name}" if context is not None and context.parent is not None else ""
    return f"{text}。用法见 ./jw{verb} --help"
