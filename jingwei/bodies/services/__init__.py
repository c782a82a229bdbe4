"""Every write to the bodies."""

from jingwei.bodies.services.life import adjust_body, create_body, dissolve_body
from jingwei.bodies.services.table import import_bodies

__all__ = ["adjust_body", "create_body", "dissolve_body", "import_bodies"]
