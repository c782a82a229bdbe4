"""A roster list as an address asks for it, and its rows as a file to download."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, QueryDict
from django.utils import timezone

from jingwei.base_roster.finding import find
from jingwei.base_roster.models import Entity
from jingwei.base_roster.selectors import RosterRow, visible_places
from jingwei.core.permissions import Actor
from jingwei.workbench import exporting
from jingwei.workbench.city_rules import rules_on
from jingwei.workbench.forms import RosterForm
from jingwei.workbench.roster_pages import EVERY, ROSTERS, RosterKind


def roster_kind(roster: str) -> RosterKind:
    """The roster of an address, else page 404."""
    if roster == EVERY or roster not in ROSTERS:
        raise Http404("没有这本名册")
    return ROSTERS[roster]


def list_form(actor: Actor, query: QueryDict) -> RosterForm:
    """The conditions of a list, as its address carries them. Two queries."""
    return RosterForm(query, places=visible_places(actor), rules=rules_on(timezone.localdate()))


def file_of(kind: RosterKind, form: str, rows: Iterable[RosterRow], actor: Actor) -> FileResponse:
    """The rows as a download. Raises ``NotPermitted``, and ``TableError`` when the disk is full."""
    with tempfile.TemporaryDirectory(dir=settings.INSTANCE.work) as folder:
        path = Path(folder) / f"{kind.title}_{timezone.localdate():%Y%m%d}.{form}"
        exporting.write(path=path, form=form, roster=kind.slug, rows=rows, by=actor, on=timezone.now())
        # The open file outlives its folder until the answer is sent.
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def asked_query(sent: QueryDict) -> QueryDict:
    """The conditions of the list that a batch act was sent from."""
    return QueryDict(urlsplit(sent.get("next", "")).query)


def list_ids(actor: Actor, kind: RosterKind, query: QueryDict, most: int) -> list[int]:
    """The first entities of a whole list. Three or four queries."""
    return find(actor=actor, filters=list_form(actor, query).filters(roster=kind.filter_value), start=0, size=most).ids


def chosen_ids(actor: Actor, sent: QueryDict) -> list[int]:
    """The entities of the chosen rows that the actor may see, in the order of the list. One query."""
    asked = [int(text) for text in sent.getlist("ids") if text.isascii() and text.isdigit()]
    seen = set(Entity.objects.in_scope(actor).filter(pk__in=asked).values_list("pk", flat=True))
    return [pk for pk in dict.fromkeys(asked) if pk in seen]
