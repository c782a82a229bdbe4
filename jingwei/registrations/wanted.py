"""What a system asks for: the JSON of one request, read field by field. Pure: no query, no clock."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jingwei.domain.lists import ListKind
from jingwei.registrations.intake import KINDS, Problem, Unusable, fields_of

LARGEST_BODY = 64 * 1024
_FIELDS = {"kind": str, "unit": dict, "place": str, "dry_run": bool, "confirmed_distinct": str}
_TYPES_ZH = {str: "文字", dict: "对象", bool: "true 或 false"}


class Malformed(Unusable):
    """The request is no JSON object of the described shape; ``problems`` name the fields."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One request. ``place`` is a division code; without ``dry_run`` the registration is to be stored."""

    kind: ListKind
    values: Mapping[str, str]
    place: str
    dry_run: bool
    confirmed_distinct: str


def read(body: bytes) -> Wanted:
    """Read a request. Raises ``Malformed``, naming every field that is wrong."""
    if len(body) > LARGEST_BODY:
        raise Malformed([Problem("", f"请求不能超过 {LARGEST_BODY // 1024} KB")])
    try:
        said = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Malformed([Problem("", "请求不是 UTF-8 编码的 JSON")]) from None
    if not isinstance(said, dict):
        raise Malformed([Problem("", "请求应为一个 JSON 对象")])
    problems = [*_wrong_fields(said)]
    kind = said.get("kind", ListKind.MARKET.value)
    if not problems and kind not in {each.value for each in KINDS}:
        problems.append(Problem("kind", f"应为 {'、'.join(each.value for each in KINDS)} 之一"))
    if not problems:
        problems += _wrong_values(said["unit"], ListKind(kind))
    if problems:
        raise Malformed(problems)
    return Wanted(
        kind=ListKind(kind),
        values=said["unit"],
        place=said.get("place", "").strip(),
        dry_run=said.get("dry_run", True),
        confirmed_distinct=said.get("confirmed_distinct", "").strip(),
    )


def _wrong_fields(said: Mapping[str, Any]) -> list[Problem]:
    unknown = [Problem(str(name)[:80], "没有这个字段") for name in said if name not in _FIELDS]
    wrong = [
        Problem(name, f"应为{_TYPES_ZH[kind]}")
        for name, kind in _FIELDS.items()
        if name in said and not isinstance(said[name], kind)
    ]
    return unknown + wrong + ([] if "unit" in said else [Problem("unit", "缺少登记内容")])


def _wrong_values(unit: Mapping[str, Any], kind: ListKind) -> list[Problem]:
    known = fields_of(kind)
    problems = []
    for name, text in unit.items():
        if name not in known:
            problems.append(Problem(f"unit.{name}"[:80], "这类登记没有这个字段"))
        elif not isinstance(text, str):
            problems.append(Problem(f"unit.{name}", "应为文字"))
        elif "\x00" in text:
            problems.append(Problem(f"unit.{name}", "不能含有空字符"))
    return problems
