"""Match one new record against the whole roster: one round trip to the database, the decision in this process."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection

from jingwei.core.refusal import Refused
from jingwei.domain.intake import CheckedRow
from jingwei.domain.linkage.keys import _MOST_NAMES_AT_A_SITE, _MOST_NAMES_OF_A_PHONE
from jingwei.domain.linkage.model import doublings, standard
from jingwei.domain.linkage.reasons import Basis as Ground
from jingwei.domain.linkage.single import Candidate, Decision, Found, Ranked, Times, decide_one
from jingwei.domain.linkage.single_keys import RecordKeys
from jingwei.domain.lists import ListKind
from jingwei.registrations.keying import Asked, Basis, asked, basis_of, version
from jingwei.registrations.models import MatchBasis, Registration

MOST_SHOWN = 3
# Grounds that speak of a code or of an equal name: of an entity elsewhere only these are told.
_TOLD_ELSEWHERE = frozenset({Ground.AMBIGUOUS, Ground.CODE_UNGUARDED, Ground.CODE_CONFLICT})
_LOOK_UP = "SELECT * FROM jw_registration_match(%s::bigint[], %s::int[], %s::bigint[])"
_RECORD_AT, _RECORD = 6, (
    "rank", "uscc", "name_key", "core", "branch", "numerals", "firm", "placed", "active", "org", "number", "sound",
    "person", "phone", "site", "road", "district", "founded",
)  # fmt: skip
_TOLD_AT = _RECORD_AT + len(_RECORD)
_kept: dict[str, Basis] = {}


class KeysMissing(Refused):
    """The roster's keys were never made, or by another version of the product."""

    def __init__(self) -> None:
        super().__init__("名册的比对键还没有建好，暂时不能比对；几分钟后再试，或请管理员运行 ./jw rebuild。")


class Told(NamedTuple):
    """What may be told of an entity to everybody who may register: name, code, and whom to ask."""

    name: str
    code: str
    in_scope: bool
    place_name: str
    body_name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate as it is answered. Of an entity outside the caller's scope neither its number nor the
    evidence is told: what agrees with a person or a phone would tell that person or phone.
    """

    entity_id: int | None
    told: Told
    millibits: int | None
    contributions: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The answer: what the record is taken for, the ground, the candidates that may be told, best first, and
    how many others lie outside the caller's scope. Where the best lies there the ground is not told either,
    because it says what agrees.
    """

    decision: Registration.Decision
    basis: Ground | None
    review: bool
    shown: tuple[Shown, ...]
    elsewhere: int


def match(kind: ListKind, checked: CheckedRow) -> Match:
    """Match a checked row under the scope of the running transaction. One query in a process that knows what
    the keys stand on, else three. Raises ``KeysMissing``.
    """
    basis = _kept.get("basis") or _read_basis()
    record = asked(kind, checked, basis.learned)
    rows = _look_up(record)
    if not rows or rows[0][0] != basis.stamp:
        basis = _read_basis()
        record = asked(kind, checked, basis.learned)
        rows = _look_up(record)
    return answer(record, rows)


def answer(record: Asked, rows: Sequence[tuple[Any, ...]]) -> Match:
    """Decide on what the look-up found. No query."""
    told = {row[2]: Told(*row[_TOLD_AT:]) for row in rows[1:]}
    decision = decide_one(_with_shared(record.record, Times(*rows[0][4])), _found(record, rows), standard(),
                          size=doublings(rows[0][1]))  # fmt: skip
    return _match(decision, told)


def _read_basis() -> Basis:
    kept = MatchBasis.objects.first()
    if kept is None or kept.version != version():
        raise KeysMissing
    _kept["basis"] = basis_of(kept)
    return _kept["basis"]


def _look_up(record: Asked) -> list[tuple[Any, ...]]:
    probes = record.probes
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [[probe.hash for probe in probes], [probe.most for probe in probes], record.counted])
        return list(cursor.fetchall())


def _found(record: Asked, rows: Sequence[tuple[Any, ...]]) -> Found:
    candidates = [
        Candidate(row[2], row[2], RecordKeys(**dict(zip(_RECORD, row[_RECORD_AT:], strict=False))), row[3], row[5])
        for row in rows[1:]
    ]
    return Found(record.probes, rows[0][3], candidates, Times(*rows[0][4]))


def _with_shared(record: RecordKeys, times: Times) -> RecordKeys:
    """A site or phone of very many is an office building or a bookkeeper's; as for lists, but counted in entities."""
    site, phone = times.site > _MOST_NAMES_AT_A_SITE, times.phone > _MOST_NAMES_OF_A_PHONE
    return replace(record, site_shared=site, phone_shared=phone) if site or phone else record


def _match(decision: Decision, told: dict[int, Told]) -> Match:
    joined = decision.eid is not None
    verdict = Registration.Decision.LIKELY_DUPLICATE if joined else Registration.Decision.POSSIBLE
    if not joined and decision.basis is Ground.OWN:
        verdict = Registration.Decision.NONE
    ranked = decision.ranked[:MOST_SHOWN] if verdict is not Registration.Decision.NONE else ()
    shown = [_shown(each, told[each.candidate.eid]) for each in ranked if _may_be_told(each, decision, told)]
    is_told = not ranked or told[ranked[0].candidate.eid].in_scope
    basis = decision.basis if is_told else None
    return Match(verdict, basis, decision.review, tuple(shown), len(ranked) - len(shown))


def _may_be_told(ranked: Ranked, decision: Decision, told: dict[int, Told]) -> bool:
    """Of an entity elsewhere only that it is the likely duplicate, or that its code or name is the same."""
    eid = ranked.candidate.eid
    return told[eid].in_scope or eid == decision.eid or (decision.eid is None and decision.basis in _TOLD_ELSEWHERE)


def _shown(ranked: Ranked, told: Told) -> Shown:
    if not told.in_scope:
        return Shown(None, told, None, ())
    said = tuple((each.field, each.level, each.millibits) for each in ranked.compared.contributions)
    return Shown(ranked.candidate.eid, told, ranked.compared.millibits, said)
