"""The second lock: tell PostgreSQL whose scope the running transaction has.

Row-level security reads these settings; where they are unset it shows nothing. They are local to
the transaction, so a pooled connection never carries one person's scope to another.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from jingwei.core.permissions import Actor


def apply_scope(actor: Actor) -> None:
    """Set the actor's scope for the current transaction, with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('jw.everything', %s, true), set_config('jw.places', %s, true),"
            " set_config('jw.bodies', %s, true)",
            [
                "on" if actor.everything else "off",
                ",".join(map(str, actor.place_ids)),
                ",".join(map(str, actor.body_ids)),
            ],
        )


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Run a block in one transaction under the actor's scope (jobs, commands, tests)."""
    with transaction.atomic():
        apply_scope(actor)
        yield
