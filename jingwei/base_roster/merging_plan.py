"""What a merge would do to each row, decided from a picture of both entities. Pure: no query."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from jingwei.base_roster.merging_pictures import Picture
from jingwei.base_roster.merging_relations import EntityRelation, Fate, Values, Yield, live_relations


class Conflict(NamedTuple):
    """Two answers of persons of which one can stand: what they are about, the one that stands, the one that does not."""

    zh: str
    stands: str
    yields: str


class Tally(NamedTuple):
    """Rows of one relation: of the kept entity, of the other, and how many of the latter give way."""

    relation: EntityRelation
    kept: int
    gone: int
    dropped: int


@dataclass
class Plan:
    """Rows to remove, columns to point at the kept entity or to empty, what has to be shown, what forbids it."""

    removed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    repointed: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    emptied: dict[tuple[str, str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    tallies: list[Tally] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def remove(self, relation: EntityRelation, pks: Iterable[int]) -> None:
        for pk in pks:
            self.removed[relation.table].append(pk)


def plan_of(rows: Picture, kept_id: int, gone_id: int) -> Plan:
    """Decide every row of the entity ``gone_id`` by the declaration of its relation."""
    plan = Plan()
    for relation in live_relations():
        mine = _rows(rows, relation, kept_id)
        theirs = _rows(rows, relation, gone_id)
        if relation.fate is Fate.REPOINT:
            dropped = _repoint(plan, relation, mine, theirs, kept_id)
        else:
            dropped = _let_go(plan, relation, theirs)
        plan.tallies.append(Tally(relation, len(mine), len(theirs), dropped))
    return plan


def _rows(rows: Picture, relation: EntityRelation, entity_id: int) -> dict[int, Values]:
    return {
        key.pk: row for key, row in rows.items() if key.table == relation.table and row.get(relation.column) == entity_id
    }  # fmt: skip


def _let_go(plan: Plan, relation: EntityRelation, theirs: dict[int, Values]) -> int:
    """Rows that are computed anew, or that forbid the merge."""
    if relation.fate is Fate.REFUSE:
        plan.refusals += [f"{relation.named(row)}属于并入主体，不能合并。" for row in theirs.values()]
    elif relation.has_rows_of_its_own:
        plan.remove(relation, theirs)
    elif theirs:
        plan.emptied[relation.table, relation.key_column, relation.column] += theirs
    return len(theirs) if relation.has_rows_of_its_own else 0


def _repoint(
    plan: Plan, relation: EntityRelation, mine: dict[int, Values], theirs: dict[int, Values], kept_id: int
) -> int:
    if relation.stronger and any(map(relation.stronger, theirs.values())):
        weaker = [pk for pk, row in mine.items() if not relation.stronger(row)]
        plan.remove(relation, weaker)
        mine = {pk: row for pk, row in mine.items() if pk not in weaker}
    going = dict(_giving_way(relation, mine, theirs, kept_id))
    plan.remove(relation, going)
    plan.conflicts += _conflicts(relation, mine, {pk: theirs[pk] for pk, found in going.items() if found})
    staying = [pk for pk in theirs if pk not in going]
    if staying:
        plan.repointed[relation.table, relation.key_column, relation.column] += staying
    return len(going)


def _giving_way(
    relation: EntityRelation, mine: dict[int, Values], theirs: dict[int, Values], kept_id: int
) -> Iterator[tuple[int, bool]]:
    """(row, whether it is an answer of a person) of those that cannot stand beside the kept entity's own."""
    held = [(each, {each.key(row) for row in mine.values() if each.holds(row)}) for each in relation.yields]
    for pk, row in theirs.items():
        if relation.other_end and row[relation.other_end] == kept_id:
            yield pk, False
            continue
        found = next((each for each, keys in held if each.holds(row) and each.key(row) in keys), None)
        if found is not None:
            yield pk, bool(found.answer)


def _conflicts(relation: EntityRelation, mine: dict[int, Values], lost: dict[int, Values]) -> Iterator[Conflict]:
    """Of each question the last answer on either side, where they differ."""
    for each in relation.yields:
        if each.answer:
            ours, others = _last(each, mine), _last(each, lost)
            for key in others:
                stands, gives_way = ours[key], others[key]
                if each.answered(stands) != each.answered(gives_way):
                    yield Conflict(relation.zh, relation.named(stands), relation.named(gives_way))


def _last(each: Yield, rows: dict[int, Values]) -> dict[tuple[object, ...], Values]:
    return {each.key(rows[pk]): rows[pk] for pk in sorted(rows) if each.holds(rows[pk])}
