"""What happens to codes."""

from random import Random

from benchmarks.linkage.about import About, Damage
from jingwei.domain.uscc import ALPHABET

_PLACEHOLDERS = ("无", "/", "0", "暂无", "-", "无", "000000000000000000", "未办理", "N/A")
_MISREAD = {"0": "O", "1": "I", "2": "Z", "5": "S"}
_NEIGHBOURS = {str(digit): "".join(str((digit + step) % 10) for step in (1, 9)) for digit in range(10)}
_INVISIBLE = (" ", "\t", "\u200b", "\u00a0", "\u3000")


def missing(text: str, about: About, draw: Random, /) -> str | None:
    return ""


def placeholder(text: str, about: About, draw: Random, /) -> str | None:
    return draw.choice(_PLACEHOLDERS)


def slip(text: str, about: About, draw: Random, /) -> str | None:
    """One wrong character: misread, next on the keyboard, or anything."""
    at = draw.randrange(len(text))
    old, kind = text[at], draw.random()
    if kind < 0.25 and old in _MISREAD:
        new = _MISREAD[old]
    elif kind < 0.6 and old.isdigit():
        new = draw.choice(_NEIGHBOURS[old])
    else:
        new = draw.choice(ALPHABET.replace(old, ""))
    return text[:at] + new + text[at + 1 :]


def swap(text: str, about: About, draw: Random, /) -> str | None:
    places = [at for at in range(len(text) - 1) if text[at] != text[at + 1]]
    at = draw.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def tax15(text: str, about: About, draw: Random, /) -> str | None:
    """Area and organization code, as tax numbers were until October 2015."""
    code = about["code"]
    return code[2:8] + code[8:17] if about["old_number"] else None


def registration(text: str, about: About, draw: Random, /) -> str | None:
    return about["old_number"] or None


def case(text: str, about: About, draw: Random, /) -> str | None:
    kind = draw.random()
    if kind < 0.4 and text.lower() != text:
        return text.lower()
    if kind < 0.6:
        return "".join(chr(ord(letter) + 0xFEE0) for letter in text)
    return f"{text[:8]} {text[8:]}" if kind < 0.8 else f" {text} "


def scientific(text: str, about: About, draw: Random, /) -> str | None:
    """What a spreadsheet shows of a number of 18 digits."""
    if not text.isdigit():
        return None
    digits = draw.choice((2, 2, 5))
    return f"{int(text):.{digits}E}"


def digits_lost(text: str, about: About, draw: Random, /) -> str | None:
    """What a spreadsheet keeps of a number of 18 digits."""
    return text[:15] + "000" if text.isdigit() and len(text) == 18 and text[15:] != "000" else None


def apostrophe(text: str, about: About, draw: Random, /) -> str | None:
    return draw.choice(("'", "'", "‘", "`")) + text


def blanks(text: str, about: About, draw: Random, /) -> str | None:
    at, blank = draw.randrange(1, len(text) + 1), draw.choice(_INVISIBLE)
    return text[:at] + blank + text[at:]


def of_parent(text: str, about: About, draw: Random, /) -> str | None:
    return about.parent_code or None


CODE_DAMAGES: dict[str, Damage] = {
    "code_missing": missing,
    "code_placeholder": placeholder,
    "code_slip": slip,
    "code_swap": swap,
    "code_tax15": tax15,
    "code_registration": registration,
    "code_case": case,
    "code_scientific": scientific,
    "code_digits_lost": digits_lost,
    "code_apostrophe": apostrophe,
    "code_blanks": blanks,
    "code_of_parent": of_parent,
}
