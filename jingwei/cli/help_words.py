"""Help pages wholly in Chinese: everything the command library itself would say in English stands here."""

from collections.abc import Callable
from typing import Any

import typer
from typer import core

WORDS = {
    "Arguments": "参数",
    "Options": "选项",
    "Commands": "命令",
    "required": "必填",
    "default: {default}": "默认 {default}",
}
USAGE, OPTIONS, COMMANDS = "用法：", "[选项]", "命令 …"
HELP = "显示这份说明，然后退出"


def chinese(message: str) -> str:
    """The Chinese word for one of the library's own; any other message as it is."""
    return WORDS.get(message, message)


# The library asks this name for translations; without a catalogue it gives none.
core._ = chinese  # type: ignore[attr-defined]


class ChineseCommand(core.TyperCommand):
    """A command whose usage and help option are Chinese too."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=USAGE)

    def get_help_option(self, ctx: Any) -> Any:
        return _translated(super().get_help_option(ctx))


class ChineseGroup(core.TyperGroup):
    """The same for the overview of all commands."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=USAGE)

    def get_help_option(self, ctx: Any) -> Any:
        return _translated(super().get_help_option(ctx))


class ChineseTyper(typer.Typer):
    """An application whose help is Chinese from the usage to the last option."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=ChineseGroup, options_metavar=OPTIONS, subcommand_metavar=COMMANDS, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Any], Any]:
        return super().command(name, cls=ChineseCommand, **settings)


def _translated(option: Any) -> Any:
    if option is not None:
        option.help = HELP
    return option
