"""Learns the model's weights from lists: ``python -m benchmarks.linkage.learn DIR OUT.json --version V``.

What is shipped in ``jingwei/domain/linkage/model.json`` lies half way between the result for the profile
`desk` and the values chosen by reasoning.
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import duckdb
from rich.progress import Progress

from jingwei.cli.link_files import begin_reading, read_files
from jingwei.cli.terminal import err
from jingwei.domain import linkage
from jingwei.domain.linkage.frequencies import size_of
from jingwei.domain.linkage.model import standard
from jingwei.domain.linkage.records import REGISTERS
from jingwei.domain.linkage.training import learn


def main() -> None:
    """Link the lists, learn, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", required=True)
    given = parser.parse_args()
    with duckdb.connect(config={"threads": 2}) as engine, tempfile.TemporaryDirectory() as staging:
        begin_reading(engine)
        read_files(engine, given.directory, Path(staging), lambda _: None, Progress(console=err, disable=True))
        linkage.link(engine)
        model = learn(engine, standard(), registers=len(REGISTERS), size=size_of(engine), version=given.version)
    held = asdict(model)
    for part in ("weights", "once"):
        held[part] = {".".join(key): value for key, value in held[part].items()}
    given.out.write_text(json.dumps(held, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
