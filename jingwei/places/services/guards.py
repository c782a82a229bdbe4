"""Who may change places."""

from jingwei.core.permissions import Actor, NotPermitted, Permission, require


def require_whole_city(actor: Actor, permission: Permission) -> None:
    """Raise ``NotPermitted`` unless the actor holds the permission over the whole city."""
    require(actor, permission)
    if not actor.everything:
        raise NotPermitted("需要全市范围的授权。", permission=permission)
