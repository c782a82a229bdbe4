"""Text folded for comparison with the word lists of the rulebook."""

import re
import unicodedata
from collections.abc import Mapping

_BLANKS = re.compile(r"\s+")


def fold(text: str) -> str:
    """Half-width letters, digits and brackets, no blanks: the form word lists are compared in."""
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _BLANKS.sub("", text)


def first_contained(text: str, table: Mapping[str, str]) -> tuple[str, str] | None:
    """(word, meaning) of the first word of the table, in its order, that stands in the folded text."""
    for word, meaning in table.items():
        if word in text:
            return word, meaning
    return None


def first_ending(text: str, table: Mapping[str, str]) -> tuple[str, str] | None:
    """(word, meaning) of the first word of the table, in its order, that ends the folded text.

    A closing bracket after the word does not count: 某某事务所(普通合伙) ends in 普通合伙.
    """
    bare = text.rstrip(")]")
    for word, meaning in table.items():
        if bare.endswith(word):
            return word, meaning
    return None
