"""Filters of roster lists that a user keeps under a name of his own."""

from datetime import datetime

from django.db import transaction

from jingwei.base_roster.models import SavedView
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require
from jingwei.core.refusal import Refused

MOST_VIEWS = 30


@transaction.atomic
def save_view(*, name: str, roster: str, query: str, by: Actor, on: datetime) -> SavedView:
    """Keep the conditions of a list under a name; an older view of that name is replaced.

    Raises ``Refused`` for conditions that are too long or one view too many.
    """
    require(by, Permission.ROSTER_VIEW)
    if by.user_id is None:
        raise NotPermitted("只有登录用户可以保存视图。", permission=Permission.ROSTER_VIEW)
    text = f"{roster}?{query}"
    if len(text) > 500:
        raise Refused("条件太长，无法保存为视图。")
    kept = SavedView.objects.filter(user_id=by.user_id)
    if kept.exclude(name=name).count() >= MOST_VIEWS:
        raise Refused(f"最多保存 {MOST_VIEWS} 个视图，请先删除不用的。")
    view, _ = SavedView.objects.update_or_create(user_id=by.user_id, name=name, defaults={"query": text})
    journal.record(verb="saved_view.save", subject_type="saved_view", subject_id=view.pk, by=by, on=on)
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: Actor, on: datetime) -> None:
    """Forget one of the actor's own views."""
    if view.user_id != by.user_id:
        raise NotPermitted("这是别人的视图。", permission=Permission.ROSTER_VIEW)
    journal.record(verb="saved_view.delete", subject_type="saved_view", subject_id=view.pk, by=by, on=on)
    view.delete()
