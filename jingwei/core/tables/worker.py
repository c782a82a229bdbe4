"""The parser process: one file in, one answer out, under limits the system enforces.

Reads the request as JSON from standard input and writes the answer as the last line of standard
output. Run by `parse_in_subprocess`; a damaged or hostile file can end this process and no other.
"""

import json
import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jingwei.core.lean import spare_libraries
from jingwei.core.tables.errors import TableError
from jingwei.core.tables.model import TableLimits
from jingwei.core.tables.read import parse
from jingwei.domain.lists import ListKind


def main() -> int:
    """Answer one request; 0 whenever there is an answer, also when it is a refusal."""
    request = json.load(sys.stdin)
    spare_libraries()
    limits = TableLimits(**request["limits"])
    _confine(limits)
    # Libraries may print; the answer alone goes to standard output.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    json.dump(_answer(request, limits), answers)
    answers.close()
    return 0


def _answer(request: Mapping[str, Any], limits: TableLimits) -> dict[str, Any]:
    kind = ListKind(request["kind"]) if request["kind"] else None
    try:
        table = parse(Path(request["path"]), Path(request["out"]), kind=kind, limits=limits)
    except TableError as error:
        return {"error": error.args}
    return {"table": table.to_json()}


def _confine(limits: TableLimits) -> None:
    # One second between the soft and the hard limit: the first signal tells that time was the reason.
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, limits.max_output_bytes, limits.max_output_bytes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, highest = resource.getrlimit(kind)
        bounded = [value if highest == resource.RLIM_INFINITY else min(value, highest) for value in (soft, hard)]
        resource.setrlimit(kind, (bounded[0], bounded[1]))


if __name__ == "__main__":
    sys.exit(main())
