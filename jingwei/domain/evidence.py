"""What a verdict rests on: one fact as a department or a visit gave it."""

from datetime import date
from typing import NamedTuple


class Evidence(NamedTuple):
    """A fact that was looked at: canonical field name, its text, and where known its source and date."""

    field: str
    text: str
    source: str = ""
    on: date | None = None
