"""How far a long transaction is, told from a connection of its own so that pages can see it."""

from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import psycopg
from django.db import connection

from jingwei.rosters.models import Batch

# A row that the long transaction itself has changed is skipped instead of waited for.
_REPORT = """
UPDATE rosters_batch SET progress = %s
 WHERE id = (SELECT id FROM rosters_batch WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)
"""
_SCOPE = "SELECT set_config('jw.everything', 'on', false)"


class Progress:
    """Writes the number of handled rows of one batch. A display that fails never fails the work."""

    def __init__(self, batch: Batch) -> None:
        self._batch_id = batch.pk
        self._line: psycopg.Connection[Any] | None = None

    def __enter__(self) -> Self:
        with suppress(psycopg.Error):
            self._line = psycopg.connect(**connection.get_connection_params(), autocommit=True)
            self._line.execute(_SCOPE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.close()

    def report(self, rows: int) -> None:
        """Publish the number of rows handled so far."""
        if self._line is not None:
            with suppress(psycopg.Error):
                self._line.execute(_REPORT, [rows, self._batch_id])
