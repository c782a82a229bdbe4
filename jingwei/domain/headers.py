"""How a department's file is told apart: by its file name, and by the headers of its columns."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from jingwei.domain.lists import LISTS, ListDefinition, ListKind

# Words of file names. The first of a tuple is the agreed one; the others are seen in offices.
_FILE_WORDS: Mapping[ListKind, tuple[str, ...]] = {
    ListKind.MARKET: ("市场监管", "市监", "工商", "市场主体"),
    ListKind.TAX: ("税务", "纳税人"),
    ListKind.SOCIAL: ("社保", "社会保险", "人社"),
    ListKind.CIVIL: ("民政", "社会组织"),
    ListKind.JUSTICE: ("司法", "律师事务所"),
    ListKind.PARTY_ORG: ("党组织", "党支部"),
    ListKind.PARTY_COUNT: ("党员数", "党员人数"),
}

_IGNORED_HEADERS = frozenset({"id", "序号", "编号", "行号", "no", "序", "主键", "#", "记录号", "rowid", "数据id"})
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
_UNIT = re.compile(r"[(\[【](?:单位[::]?)?(亿元|百万元|万元|千元|元|亿|万)(?:人民币)?[)\]】]")
_NOISE = re.compile(r"[\s*:：★☆_\"'`\ufeff\u200b]+")


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """A header with width, case, spaces and marks evened out: two headers of one key are the same."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", header)).lower()


@lru_cache(maxsize=4096)
def bare_header_key(header: str) -> str:
    """As `header_key`, without remarks in brackets: 企业名称（全称） reads 企业名称."""
    return _BRACKETED.sub("", header_key(header))


def unit_of_header(header: str) -> str | None:
    """The money unit a header states in brackets, as in 注册资本（万元）; None if it states none."""
    found = _UNIT.search(header_key(header))
    return found.group(1) if found else None


def is_ignored_header(header: str) -> bool:
    """Whether this is a running number or a foreign row id, which never becomes a field."""
    return header_key(header).rstrip(".") in _IGNORED_HEADERS


@lru_cache(maxsize=8192)
def match_header(header: str, kind: ListKind) -> tuple[str, bool] | None:
    """The canonical field a header stands for in this list, and whether it is its usual header."""
    known = _HEADERS[kind]
    return known.get(header_key(header)) or known.get(bare_header_key(header))


@lru_cache(maxsize=8192)
def match_any_header(header: str) -> tuple[str, bool] | None:
    """As `match_header` for a file of an unknown list: the first list that knows the header."""
    for kind in LISTS:
        found = match_header(header, kind)
        if found is not None:
            return found
    return None


def kind_of_file_name(file_name: str) -> ListKind | None:
    """The list a file name speaks of: by how it begins, else by the only list it mentions."""
    stem = unicodedata.normalize("NFKC", file_name).rsplit("/", 1)[-1]
    for kind, words in _FILE_WORDS.items():
        if stem.startswith(words):
            return kind
    mentioned = {kind for kind, words in _FILE_WORDS.items() if any(word in stem for word in words)}
    return mentioned.pop() if len(mentioned) == 1 else None


def kind_scores(headers: Iterable[str]) -> Mapping[ListKind, int]:
    """How well headers fit each list: 2 for each field under its usual header, 1 under another."""
    headers = tuple(headers)
    return {kind: _score(headers, kind) for kind in LISTS}


def kind_of_headers(headers: Iterable[str]) -> ListKind | None:
    """The list that fits the headers better than every other one; None if two fit equally well."""
    scores = sorted(kind_scores(headers).items(), key=lambda item: item[1], reverse=True)
    (kind, best), (_, second) = scores[0], scores[1]
    return kind if best > second else None


def _score(headers: tuple[str, ...], kind: ListKind) -> int:
    best: dict[str, int] = {}
    for header in headers:
        found = match_header(header, kind)
        if found is not None:
            field, usual = found
            best[field] = max(best.get(field, 0), 2 if usual else 1)
    return sum(best.values())


def _known_headers(definition: ListDefinition) -> dict[str, tuple[str, bool]]:
    known: dict[str, tuple[str, bool]] = {}
    for field in definition.fields:
        for alias in field.aliases:
            known.setdefault(header_key(alias), (field.name, False))
    for field in definition.fields:
        known[header_key(field.zh)] = (field.name, True)
    return known


_HEADERS: Mapping[ListKind, Mapping[str, tuple[str, bool]]] = {
    kind: _known_headers(definition) for kind, definition in LISTS.items()
}
