"""Which column holds which field: certain matches are mapped, likely ones only suggested."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from rapidfuzz import fuzz, process

from jingwei.core.tables.model import Conflict, Suggestion
from jingwei.domain.headers import (
    bare_header_key,
    is_ignored_header,
    match_any_header,
    match_header,
)
from jingwei.domain.lists import LISTS, Field, ListKind

_LEAST_RESEMBLANCE = 60.0


class ColumnMapping(NamedTuple):
    """The mapping of a header. `rivals` are the columns that claim one field, best claim first."""

    mapping: Mapping[int, str]
    ignored: tuple[int, ...]
    unmapped: tuple[int, ...]
    rivals: Mapping[str, tuple[int, ...]]
    usual: frozenset[int]


class ColumnContents(Protocol):
    """What the values of a file say about its columns."""

    def has_values(self, column: int) -> bool: ...

    def are_equal(self, columns: Sequence[int]) -> bool: ...


def map_columns(header: Sequence[str], kind: ListKind | None) -> ColumnMapping:
    """Map the columns of a header by usual headers and aliases; resemblance never maps."""
    claims: dict[str, list[int]] = {}
    usual: set[int] = set()
    ignored: list[int] = []
    unmapped: list[int] = []
    for column, name in enumerate(header):
        found = match_header(name, kind) if kind else match_any_header(name)
        if found is not None:
            claims.setdefault(found[0], []).append(column)
            if found[1]:
                usual.add(column)
        elif is_ignored_header(name):
            ignored.append(column)
        else:
            unmapped.append(column)
    mapping = {columns[0]: field for field, columns in claims.items() if len(columns) == 1}
    rivals = {field: tuple(columns) for field, columns in claims.items() if len(columns) > 1}
    return ColumnMapping(mapping, tuple(ignored), tuple(unmapped), rivals, frozenset(usual))


def settle_rivals(columns: ColumnMapping, contents: ColumnContents) -> tuple[Conflict, ...]:
    """Choose among columns of one meaning where the choice is beyond doubt.

    That is: the only one under the usual header, if it has values; the only one with values; or the
    first of several that hold the same values throughout.
    """
    return tuple(
        Conflict(field, rivals, _choice(rivals, columns.usual, contents)) for field, rivals in columns.rivals.items()
    )


def _choice(rivals: tuple[int, ...], usual: frozenset[int], contents: ColumnContents) -> int | None:
    filled = [column for column in rivals if contents.has_values(column)]
    if not filled:
        return rivals[0]
    filled_usual = [column for column in filled if column in usual]
    if len(filled_usual) == 1:
        return filled_usual[0]
    if len(filled) == 1 or contents.are_equal(filled):
        return filled[0]
    return None


def suggest(
    header: Sequence[str], columns: Iterable[int], kind: ListKind | None, taken: Iterable[str]
) -> tuple[Suggestion, ...]:
    """For each of these columns the free field its header resembles most, if it resembles one."""
    known = _known_names(kind, frozenset(taken))
    found = ((column, _most_alike(header[column], known)) for column in columns)
    return tuple(Suggestion(column, *best) for column, best in found if best is not None)


def _most_alike(name: str, known: Mapping[str, str]) -> tuple[str, float] | None:
    key = bare_header_key(name)
    if not key:
        return None
    best = process.extractOne(key, known.keys(), scorer=fuzz.ratio, score_cutoff=_LEAST_RESEMBLANCE)
    return None if best is None else (known[best[0]], round(best[1] / 100, 2))


def _known_names(kind: ListKind | None, taken: frozenset[str]) -> dict[str, str]:
    definitions = [LISTS[kind]] if kind else list(LISTS.values())
    known: dict[str, str] = {}
    for definition in definitions:
        for field in definition.fields:
            if field.name not in taken:
                known.update({key: field.name for key in _keys(field)})
    return known


def _keys(field: Field) -> Iterable[str]:
    return (bare_header_key(name) for name in (field.zh, *field.aliases))
