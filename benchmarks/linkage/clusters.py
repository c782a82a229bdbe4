"""From scored pairs to groups, the two ways users of Splink do it."""

from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

# `best`: every record joins the best of the records before it; `register`: the same, but market rows
# never join each other (Splink's duplicate-free data set).
MODES: Final = ("best", "register", "components")

# The later record of a pair is the one that joins.
_CHOSEN = """
SELECT child, parent FROM (
  SELECT CASE WHEN (l.rank, l.rid) > (r.rank, r.rid) THEN l.rid ELSE r.rid END AS child,
    CASE WHEN (l.rank, l.rid) > (r.rank, r.rid) THEN r.rid ELSE l.rid END AS parent,
    p.weight
  FROM '{pairs}' p JOIN '{rows}' l ON l.rid = p.left_rid JOIN '{rows}' r ON r.rid = p.right_rid
  WHERE p.probability >= {cut} {where}
)
QUALIFY row_number() OVER (PARTITION BY child ORDER BY weight DESC, parent) = 1
"""


def resolve(folder: Path, out: Path, *, cut: float, mode: str) -> None:
    """Write file, row, grp of the pairs.parquet and rows.parquet in `folder` to the parquet file `out`."""
    with duckdb.connect() as engine:
        rows = engine.sql(f"SELECT rid, file, row FROM '{folder / 'rows.parquet'}' ORDER BY rid").to_arrow_table()
        rid = rows["rid"].to_numpy()
        if mode == "components":
            query = f"SELECT left_rid, right_rid FROM '{folder / 'pairs.parquet'}' WHERE probability >= {cut}"
        else:
            where = "AND l.rank + r.rank > 0" if mode == "register" else ""
            query = _CHOSEN.format(pairs=folder / "pairs.parquet", rows=folder / "rows.parquet", cut=cut, where=where)
        left, right = (column.to_numpy() for column in engine.sql(query).to_arrow_table().columns)
    group = components(np.searchsorted(rid, left), np.searchsorted(rid, right), len(rid))
    write_groups(out, rows["file"], rows["row"], group)


def components(left: np.ndarray, right: np.ndarray, count: int) -> np.ndarray:
    """The number of the connected component of each of `count` nodes. The chosen links of `best` make
    a forest, whose components are its stars.
    """
    edges = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    return connected_components(edges, directed=False)[1]


def write_groups(out: Path, file: pa.ChunkedArray, row: pa.ChunkedArray, group: np.ndarray) -> None:
    """Write the parquet file of groups that `score.Judge.groups` reads."""
    pq.write_table(pa.table({"file": file, "row": row, "grp": pa.array(group)}), out)
