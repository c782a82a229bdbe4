"""One rival in a process of its own, so that its time and memory can be told.

    python -m benchmarks.linkage.rivals floor|plain|splink FOLDER OUT [--cut .5 --mode best]

`splink` writes OUT/groups.parquet (file, row, grp), pairs.parquet and rows.parquet; `plain` writes
code.parquet and code_or_name.parquet, groups both. The floor writes nothing: it reads the files and
joins once.
"""

import argparse
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.linkage.clusters import MODES, components, resolve, write_groups
from jingwei.core.tables import parse
from jingwei.domain.uscc import is_placeholder

_FLOOR = """
SELECT count(*) FROM read_csv('{right}', all_varchar = true) r
JOIN read_csv('{left}', all_varchar = true) l ON l."统一社会信用代码" = r."{code}"
"""


def floor(folder: Path, out: Path, _: argparse.Namespace) -> None:
    """Read market, tax and insurance lists, all in UTF-8, and join both to the first by code."""
    with duckdb.connect(config={"threads": 2}) as engine:
        for stem, code in (("税务", "纳税人识别号"), ("社保", "统一社会信用代码")):
            query = _FLOOR.format(left=folder / "市场监管.csv", right=folder / f"{stem}.csv", code=code)
            engine.execute(query).fetchall()


def plain(folder: Path, out: Path, _: argparse.Namespace) -> None:
    """Rows of the same code as written are one, and again with rows of the same name as written. What
    only fills the cell is no code.
    """
    lines = _read(folder, out)
    codes = [_code(text) for text in lines["code"].to_pylist()]
    _join(out / "code.parquet", lines, [codes])
    _join(out / "code_or_name.parquet", lines, [codes, lines["name"].to_pylist()])


def splink(folder: Path, out: Path, options: argparse.Namespace) -> None:
    """Splink alone on Jingwei's normalised columns, its links resolved at the cut."""
    from benchmarks.linkage.keyed import normalise  # noqa: PLC0415 - the floor must not pay for what it does not use
    from benchmarks.linkage.splink_rival import predict  # noqa: PLC0415

    with normalise(folder, out) as engine:
        predict(engine, out, cut=options.lowest)
    resolve(out, out / "groups.parquet", cut=options.cut, mode=options.mode)


def _read(folder: Path, out: Path) -> pa.Table:
    """file, row, name and code of all lists, as written."""
    tables = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        parsed = parse(path, out / "rows.parquet")
        columns = {name: f"c{at}" for at, name in parsed.mapping.items()}
        query = f"SELECT '{path.name}' AS file, row, {columns['name']} AS name, {columns['uscc']} AS code"
        tables.append(duckdb.sql(f"{query} FROM '{parsed.rows_path}' WHERE note IS NULL").to_arrow_table())
    return pa.concat_tables(tables)


def _code(text: str | None) -> str | None:
    return None if text is None or is_placeholder(text) else text.strip()


def _join(out: Path, lines: pa.Table, keys: list[list[str | None]]) -> None:
    left: list[int] = []
    right: list[int] = []
    for column in keys:
        order = sorted((text, at) for at, text in enumerate(column) if text)
        for (text, at), (other, next_at) in pairwise(order):
            if text == other:
                left.append(at)
                right.append(next_at)
    group = components(np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), len(lines))
    write_groups(out, lines["file"], lines["row"], group)


_RIVALS: dict[str, Callable[[Path, Path, argparse.Namespace], None]] = {
    "floor": floor,
    "plain": plain,
    "splink": splink,
}


def main() -> None:
    """Run the rival that the arguments name."""
    parser = argparse.ArgumentParser(description="One rival of the linkage benchmark.")
    parser.add_argument("rival", choices=sorted(_RIVALS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cut", type=float, default=0.9)
    parser.add_argument("--lowest", type=float, default=1e-5)
    parser.add_argument("--mode", choices=MODES, default="best")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    _RIVALS[options.rival](options.folder, options.out, options)


if __name__ == "__main__":
    main()
