"""Say why no header was found in a text, so that the person at the desk knows what to do."""

import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

from opencc import OpenCC

from jingwei.core.tables.columns import suggest
from jingwei.core.tables.decoding import decode_sample, garbled_count
from jingwei.core.tables.errors import TableErrorCode, place, refusal
from jingwei.core.tables.header import SEARCHED_ROWS, find_header
from jingwei.domain.lists import LISTS, ListKind

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SEPARATORS = re.compile(r"[,\t;\n]")
_LOOKED_AT = 4000
# Among the characters of simplified Chinese text, nearly all belong to the 6,763 of GB 2312.
_PLAUSIBLE_SHARE = 0.9
_SOME_SHARE = 100


def refuse_text(file_name: str, head: bytes, samples: Mapping[str, str], *, whole: bool) -> NoReturn:
    """Raise the TableError that fits a text in which no candidate encoding shows a header."""
    where = place(file_name)
    encoding, text = min(samples.items(), key=lambda sample: _badness(sample[1]))
    if not text.strip(" \n\t,;\u3000\ufeff"):
        raise refusal(TableErrorCode.EMPTY, where)
    if len(_CONTROL.findall(text)) * _SOME_SHARE > len(text):
        raise refusal(TableErrorCode.NOT_TEXT, where)
    if _is_big5(head, whole=whole):
        raise refusal(TableErrorCode.ENCODING, where, detail="像是繁体 Big5 编码")
    if not _is_plausible(text):
        raise refusal(TableErrorCode.ENCODING, where, detail=f"按 {encoding} 读")
    if "\n" not in text and not whole:
        raise refusal(TableErrorCode.LINE, place(file_name, row=1), limit=len(text))
    rows = [_SEPARATORS.split(line) for line in text.split("\n")[:SEARCHED_ROWS]]
    raise refusal(
        TableErrorCode.NO_HEADER,
        where,
        rows=SEARCHED_ROWS,
        similar=similar_zh(rows, None),
        expected=expected_zh(None),
    )


def expected_zh(kind: ListKind | None) -> str:
    """The usual headers of the key columns, of one list or of the commonest one."""
    definition = LISTS[kind or ListKind.MARKET]
    return "、".join(definition.field(name).zh for name in definition.key_fields)


def similar_zh(rows: Sequence[Sequence[str]], kind: ListKind | None) -> str:
    """A remark on the column whose header most resembles a known one, "" if none does."""
    found = [
        (each.confidence, row[each.column], each.field)
        for row in rows
        for each in suggest(row, range(len(row)), kind, ())
    ]
    if not found:
        return ""
    _, header, field = max(found)
    fields = [field_.zh for each in LISTS.values() for field_ in each.fields if field_.name == field]
    return f"（“{header.strip()}”一列像是“{fields[0]}”，可改为这个列名）"


def _badness(text: str) -> float:
    strange = garbled_count(text) + len(_CONTROL.findall(text))
    return strange / (len(text) + 1) + (0 if _is_plausible(text) else 1)


def _is_plausible(text: str) -> bool:
    wide = [character for character in text[:_LOOKED_AT] if not character.isascii()]
    if not wide:
        return True
    common = sum(1 for character in wide if character.encode("gb2312", "ignore"))
    return common >= len(wide) * _PLAUSIBLE_SHARE


def _is_big5(head: bytes, *, whole: bool) -> bool:
    text = decode_sample(head, "big5", whole=whole)
    if garbled_count(text):
        return False
    simplified = OpenCC("t2s").convert(text[:_LOOKED_AT])
    rows = [_SEPARATORS.split(line) for line in simplified.split("\n")[:SEARCHED_ROWS]]
    fit = find_header(rows, None)
    return fit is not None and fit.has_key
