"""Find the units somebody has typed, one a line: by number, by code, by whole name."""

import re

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor
from jingwei.core.refusal import Refused

_NUMBER = re.compile(r"E-?0*(\d+)")


def entities_named(texts: tuple[str, ...], *, actor: Actor) -> tuple[int, ...]:
    """Ids of the units in the order typed. Two queries. Raises Refused that names those nobody or several fit."""
    numbers = {text: int(match[1]) for text in texts if (match := _NUMBER.fullmatch(text.upper()))}
    visible = Entity.objects.in_scope(actor)
    by_number = set(visible.filter(pk__in=numbers.values()).values_list("pk", flat=True))
    others = [text for text in texts if text not in numbers]
    found: dict[str, set[int]] = {}
    rows = visible.filter(name__in=others) | visible.filter(uscc__in=[text.upper() for text in others])
    for pk, name, code in rows.values_list("pk", "name", "uscc"):
        found.setdefault(name, set()).add(pk)
        found.setdefault(code, set()).add(pk)
    chosen: list[int] = []
    strange: list[str] = []
    for text in texts:
        fitting = (
            found.get(text) or found.get(text.upper()) or ({numbers[text]} & by_number if text in numbers else set())
        )
        if len(fitting) == 1:
            chosen += fitting
        else:
            strange.append(text)
    if strange:
        raise Refused(f"没有找到，或不止一家：{'、'.join(strange[:5])}。请改用统一社会信用代码或主体编号。")
    return tuple(dict.fromkeys(chosen))
