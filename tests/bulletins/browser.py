"""Clients for tests of pages."""

from typing import Any

from django.test import Client

from jingwei.accounts.models import User
from jingwei.core.permissions import Role
from tests.accounts.browser import signed_in
from tests.city import SmallCity


def client_as(city: SmallCity, role: Role, **scope: Any) -> Client:
    """A signed-in client of a user who holds the role over the given place."""
    return signed_in(city.user(f"{role}-{User.objects.count()}", role, **scope))
