"""How often values occur among the registered: what makes an agreement on them worth more or less.

The counts belong to the version of the model a run uses: a later run that is given the same ones weighs
alike, whatever rows have come in since.
"""

from typing import Final

from jingwei.domain.linkage.engine import Engine
from jingwei.domain.linkage.model import doublings

# What is counted, by the column of `linkage.keyed` that holds it.
COUNTED: Final = {"name": "name_key", "core": "core", "person": "person", "site": "site", "phone": "phone"}

_FREQUENCY = "CREATE OR REPLACE TABLE linkage.frequency AS {counts}"
_COUNT = """
SELECT '{name}' AS field, {column} AS text, count(*) AS times FROM linkage.keyed
WHERE {column} IS NOT NULL AND rank < {registers} GROUP BY {column} HAVING count(*) > 1
"""
_SIZE = """
CREATE OR REPLACE TABLE linkage.roster_size AS
SELECT count(*) AS entities FROM linkage.keyed WHERE rank < {registers}
"""


def count_values(engine: Engine, *, registers: int) -> None:
    """Make `linkage.frequency` (field, text, times; what occurs once is left out) and `linkage.roster_size`
    of the register rows in `linkage.keyed`.
    """
    counts = " UNION ALL ".join(
        _COUNT.format(name=name, column=column, registers=registers) for name, column in COUNTED.items()
    )
    engine.execute(_FREQUENCY.format(counts=counts))
    engine.execute(_SIZE.format(registers=registers))


def size_of(engine: Engine) -> int:
    """The binary logarithm of the number of registered rows, rounded down."""
    ((entities,),) = engine.execute("SELECT entities FROM linkage.roster_size").fetchall()
    return doublings(entities)
