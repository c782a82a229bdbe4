"""The small city with a few entities, and somebody who looks at its pages."""

from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jingwei.accounts.models import User
from jingwei.core.permissions import Role
from tests.accounts.browser import signed_in
from tests.city import SmallCity

MOST_QUERIES = 15


def client_as(city: SmallCity, role: Role, **scope: Any) -> Client:
    """A signed-in client of a user who holds the role over the given place or body."""
    username = f"{role}-{len(User.objects.all())}"
    return signed_in(city.user(username, role, **scope))


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def queries_of(client: Client, address: str) -> list[str]:
    """Statements of one page, without the savepoints that stand in for its transaction in a test."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
