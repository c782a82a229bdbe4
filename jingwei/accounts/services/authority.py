"""Who may change whose account."""

from datetime import datetime

from django.utils import timezone

from jingwei.accounts.models import Grant, User
from jingwei.accounts.selectors import Reach, reach
from jingwei.core.permissions import Actor, NotPermitted, Permission, require


def reach_for_granting(by: Actor, on: datetime) -> Reach:
    """How far the actor may give rights. Raises ``NotPermitted`` without the permission."""
    require(by, Permission.GRANTS_EDIT)
    return reach(by, Permission.GRANTS_EDIT, on=timezone.localdate(on))


def require_authority(by: Actor, user: User, *, on: datetime) -> Reach:
    """Raise ``NotPermitted`` unless the actor stands over the user in everything the user has.

    His unit and every grant that is or will be in force have to lie within the actor's reach, and
    nobody stands over himself: a county's administrator cannot switch off the city's.
    """
    reached = reach_for_granting(by, on)
    if by.user_id == user.pk:
        raise NotPermitted("不能变更自己的账号和授权，请由另一位管理员办理。", permission=Permission.GRANTS_EDIT)
    held = Grant.objects.filter(user=user, valid__endswith__gt=timezone.localdate(on)) | Grant.objects.filter(
        user=user, valid__upper_inf=True
    )
    inside = all(covers_grant(reached, item) for item in held.select_related("body"))
    if not inside or not (reached.everything or user.body is None or reached.covers(body=user.body)):
        raise NotPermitted("该账号的单位或授权超出你的管辖范围。", permission=Permission.GRANTS_EDIT)
    return reached


def covers_grant(reached: Reach, item: Grant) -> bool:
    """Whether the place and the body of a grant, as far as it has them, lie within reach."""
    place_inside = item.place_id is None or reached.covers(place_id=item.place_id)
    return place_inside and (item.body is None or reached.covers(body=item.body))
