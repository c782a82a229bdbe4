"""Bring an installation up: database server, roles, schema, static files."""

import django
from django.conf import settings
from django.core.management import call_command

from jingwei.core.database import prepare_database


def ready() -> None:
    """Load the apps; called before the modules that import models."""
    django.setup()


def start_database() -> bool:
    """Start the embedded server if it is ours and not running; True when this call started it."""
    embedded = settings.SERVER.embedded
    return bool(embedded and embedded.ensure_running())


def stop_database() -> None:
    if settings.SERVER.embedded:
        settings.SERVER.embedded.stop()


def bring_up() -> bool:
    """Prepare roles, migrate as the owner, collect static files. Safe to repeat; seconds when nothing is new.

    Returns whether the database server was started by this call.
    """
    started = start_database()
    prepare_database(settings.INSTANCE, settings.SERVER)
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return started
