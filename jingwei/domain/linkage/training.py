"""Learns the weights of the model from records whose code already tells which entity they are.

The code is hidden, the other columns are compared, and logistic regression finds the weights under which
the pairs of one code stand out. What a code itself is worth cannot be learned so and stays as it is.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt

from jingwei.domain.linkage.cluster import Turn
from jingwei.domain.linkage.compare import FIELDS, VALUES, compare, outcome_value
from jingwei.domain.linkage.model import LEVELS, MOST_DOUBLINGS, Level, Model, scale
from jingwei.domain.linkage.pairs import BY_LIKENESS, BY_NUMBER_OR_NAME, pair_by

Floats = npt.NDArray[np.float64]

_LEARNED: Final = tuple(item for item in LEVELS if item.field not in ("prior", "code"))
_MOST_RECORDS = 20_000
_STEPS = 25
# How strongly a weight is held to its former value, in observations of one bit squared.
_HOLD = 0.05

# Records of later lists whose code is one register row's; hash order, so that the choice is no one's.
_OPEN = """
CREATE OR REPLACE TABLE linkage.open AS
SELECT k.* REPLACE (NULL::VARCHAR AS uscc, NULL::VARCHAR AS org, NULL::VARCHAR AS number,
    []::VARCHAR[] AS repairs),
  left(core, length(core) - length(branch)) AS brand, k.uscc AS hidden
FROM linkage.keyed k
JOIN (
  SELECT uscc FROM linkage.anchor WHERE uscc IS NOT NULL GROUP BY uscc HAVING count(*) = 1
) a ON a.uscc = k.uscc
WHERE k.rank >= {registers}
ORDER BY md5(k.rid::VARCHAR) LIMIT {most}
"""
_SAMPLE = """
SELECT e.*, {values} FROM (
  SELECT e.*, r.uscc = l.hidden AS same
  FROM linkage.evidence e JOIN linkage.open l ON l.rid = e.rid JOIN linkage.rhs r ON r.aid = e.aid
) e
WHERE NOT e.nameless ORDER BY e.rid, e.aid
"""


def learn(engine: duckdb.DuckDBPyConnection, model: Model, *, registers: int, size: int, version: str) -> Model:
    """Weights learned from the linked records in the engine, as `link` leaves them behind.

    `registers` and `size` are those of the run. Raises ValueError where no record can teach anything.
    """
    engine.execute("CREATE OR REPLACE TABLE linkage.taught AS SELECT * FROM linkage.link")
    engine.execute("CREATE OR REPLACE TABLE linkage.link AS SELECT * FROM linkage.taught WHERE false")
    engine.execute(_OPEN.format(registers=registers, most=_MOST_RECORDS))
    turn = Turn(engine, model, rank=registers, registers=registers, size=size)
    if not turn.sides("true", f"rank < {registers}"):
        raise ValueError("名单中没有可用来学习权重的记录：后面的名单须有代码与登记名单相同的行。")
    pair_by(engine, (*BY_NUMBER_OR_NAME, *BY_LIKENESS), exact=False)
    compare(engine, model, registers=registers, size=size)
    values = ", ".join(f"({outcome_value(field)})::INTEGER AS {field}_value" for field in FIELDS)
    sample = engine.execute(_SAMPLE.format(values=values)).fetchnumpy()
    weights, once = _fit(sample, model, size)
    return replace(model, version=version, weights=weights, once=once)


def _fit(
    sample: Mapping[str, npt.NDArray[np.generic]], model: Model, size: int
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Weights of outcomes and of values that occur once, by Newton's method, in millibits."""
    columns, offset, start = [], np.full(len(sample["same"]), model.prior(size=size).millibits / 1000), []
    counted = [item for item in _LEARNED if item.counted]
    for item in _LEARNED:
        hit = _hits(sample, item)
        columns.append(hit)
        start.append(model.weights[item.field, item.level] / 1000)
        offset = offset + hit * (scale(size) / 1000 if item.scaled else 0.0)
    for item in counted:
        hit, others = _hits(sample, item), np.asarray(sample[f"{item.counted}_count"], dtype=float) - 1
        columns.append(hit * (others <= 0))
        start.append(model.once[item.field, item.level] / 1000)
        doubled = np.floor(np.log2(np.maximum(others, 1.0)))
        offset = offset - hit * np.minimum(doubled, MOST_DOUBLINGS) * (others > 0)
    found = _newton(np.column_stack(columns), offset, np.asarray(sample["same"], dtype=float), np.asarray(start))
    bits = [round(1000 * value) for value in found]
    weights = dict(model.weights) | {(item.field, item.level): bits[at] for at, item in enumerate(_LEARNED)}
    once = {(item.field, item.level): bits[len(_LEARNED) + at] for at, item in enumerate(counted)}
    return weights, once


def _hits(sample: Mapping[str, npt.NDArray[np.generic]], item: Level) -> Floats:
    value = VALUES[item.field, item.level]
    hit = np.asarray(sample[f"{item.field}_value"]) == value
    if (item.field, item.level) == ("phone", "differs"):
        hit = hit & ~np.asarray(sample["phone_shared"], dtype=bool)
    return np.asarray(hit, dtype=float)


def _newton(features: Floats, offset: Floats, same: Floats, start: Floats) -> Floats:
    """Weights in bits that make `same` most likely, held to `start`."""
    weights = start.copy()
    hold = _HOLD * np.eye(features.shape[1])
    for _ in range(_STEPS):
        bits = np.clip(offset + features @ weights, -40.0, 40.0)
        expected = 1 / (1 + np.exp2(-bits))
        slope = features.T @ (same - expected) - hold @ (weights - start)
        spread = features.T @ (features * (expected * (1 - expected))[:, None]) * np.log(2) + hold
        step = np.linalg.solve(spread, slope)
        weights = weights + np.clip(step, -2.0, 2.0)
    return weights
