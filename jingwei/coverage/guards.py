"""Who may act on an entity."""

from jingwei.base_roster.models import Entity
from jingwei.core.permissions import Actor, NotPermitted, Permission, require


def require_entity(by: Actor, permission: Permission, entity: Entity) -> None:
    """Raise ``NotPermitted`` unless the actor holds the permission and the entity lies in his scope."""
    require(by, permission)
    own = by.covers(place_id=entity.place_id, body_id=entity.body_id)
    other = by.covers(place_id=entity.overlay_id, body_id=entity.industry_body_id)
    if not own and not other:
        raise NotPermitted("该主体不在你的管辖范围。", permission=permission)
