"""Which engine links what was read: the one inside this program, or a Spark cluster."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from jingwei.cli.link_places import division_names
from jingwei.domain import linkage
from jingwei.domain.linkage.version import Version


class EngineFailed(Exception):
    """The engine did not start or gave up; the message says why and names the way out, in Chinese."""


def link_by(
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    master: str | None,
    version: Version | None,
    stage: Callable[[str], None],
) -> linkage.LinkCounts:
    """Link the records that the engine has received, on the Spark cluster `master` if one is named; the
    results are in the engine either way, and of Spark's they are read from the folder.

    A version serves the engine inside this program alone. Raises EngineFailed.
    """
    if master is None:
        return linkage.link(engine, stage=stage, version=version, divisions=division_names())
    try:
        from jingwei.cli.link_spark import link_on_spark  # noqa: PLC0415 -- an extra that is seldom there
    except ModuleNotFoundError as error:
        raise EngineFailed(
            f"没有安装 {error.name}。请用 ./jw link … --engine spark 运行，会自动安装；或不带 --engine，用默认引擎。"
        ) from error
    return link_on_spark(engine, folder / "spark", master=master, stage=stage, divisions=division_names())
