"""Words and marks of a formula, each with its place in the text."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<name>[a-z_][a-z0-9_.]*)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | '(?P<text>[^']*)'
    | (?P<mark><=|>=|!=|[=<>()+,\-])
    )""",
    re.VERBOSE,
)


class FormulaError(ValueError):
    """A formula is not well formed; the message (Chinese) says what is wrong and at which character."""

    def __init__(self, fault: str, place: int | None = None) -> None:
        super().__init__(fault if place is None else f"第 {place} 个字符处：{fault}")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark. ``kind`` is name, number, text, mark or end; ``place`` counts characters from 1."""

    kind: str
    text: str
    place: int


def tokens_of(formula: str) -> tuple[Token, ...]:
    """The tokens of a formula and an end mark; raises FormulaError at a character that means nothing."""
    found: list[Token] = []
    at, end = 0, len(formula.rstrip())
    while at < end:
        match = _TOKEN.match(formula, at)
        if match is None or match.lastgroup is None:
            place = at + len(formula[at:]) - len(formula[at:].lstrip())
            raise FormulaError(f"不认识的字符“{formula[place]}”", place + 1)
        kind = match.lastgroup
        # The place of a quoted text is that of its first quotation mark.
        found.append(Token(kind, match.group(kind), match.start(kind) + (kind != "text")))
        at = match.end()
    return (*found, Token("end", "", end + 1))
