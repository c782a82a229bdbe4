"""The number of a record: list, file, row and unit in one integer.

It orders records by list, file, row and unit, and a later run gives the same row the same number.
"""

from typing import Final

# 8 lists, 1024 files of a list, 2**36 rows of a file, 16384 units of a row: 63 bits.
UNITS: Final = 1 << 14
_ROWS: Final = 1 << 36
_FILES: Final = 1 << 10


def record_number(rank: str, file: str, row: str, unit: str) -> str:
    """SQL for the number; `file` is the file's place among those of its list, from 0."""
    return f"(((CAST({rank} AS BIGINT) * {_FILES} + {file}) * {_ROWS} + {row}) * {UNITS} + {unit})"


def row_of(number: str) -> str:
    """SQL for what the records of one row (its units among them) have in common."""
    return f"({number} // {UNITS})"


def place_of(number: str) -> tuple[str, str, str, str]:
    """SQL for rank, file, row and unit of a record number."""
    rows = f"({number} // {UNITS})"
    return (
        f"({rows} // {_ROWS * _FILES})",
        f"({rows} // {_ROWS} % {_FILES})",
        f"({rows} % {_ROWS})",
        f"({number} % {UNITS})",
    )


def first_of_list(rank: int) -> int:
    """The lowest number a record of the list may have."""
    return rank * _FILES * _ROWS * UNITS
