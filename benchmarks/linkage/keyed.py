"""The lists of a folder read and normalised by Jingwei, ready for a rival to be scored on equal terms."""

from pathlib import Path

import duckdb
from rich.progress import Progress

from jingwei.cli.link_files import begin_reading, read_files
from jingwei.cli.terminal import err
from jingwei.domain.linkage.run import make_keys, number_records


def normalise(folder: Path, staging: Path, *, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """An engine with `linkage.records` and `linkage.keyed` of the folder's lists, nothing linked yet."""
    engine = duckdb.connect(config={"threads": threads, "temp_directory": str(staging / "spill")})
    engine.execute("SET enable_progress_bar = false")
    begin_reading(engine)
    with Progress(console=err, disable=True) as progress:
        read_files(engine, folder, staging, lambda _: None, progress)
    number_records(engine)
    engine.execute("DROP TABLE linkage.received")
    make_keys(engine, None)
    return engine
