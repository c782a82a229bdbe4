"""Placeholders, spreadsheet damage and 10,000 malformed codes: none joins, each has its stable error code."""

import csv
from collections import Counter
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.linkage import contest
from benchmarks.linkage.reach import Check
from benchmarks.linkage.words import BRAND_CHARACTERS, TRADES
from jingwei.domain.intake import ErrorCode
from jingwei.domain.uscc import ALPHABET

CODES: Final = 10_000
_SOUND = "919901020000000000"
_PLACEHOLDERS = (
    "无",
    "/",
    "0",
    "暂无",
    "-",
    "N/A",
    "未办理",
    "000000000000000000",
    "111111111111111111",
    "123456789012345678",
)
_SPREADSHEET = ("9.14E+17", "9.19901E+17", "9.2E+17", "9.1990102E+17", "1.23E+14")


def measure(work: Path, *, seed: int = 5) -> list[Check]:
    """Two lists of strangers whose malformed codes agree between the lists, linked by the real command."""
    folder, out = work / "malformed", work / "malformed-out"
    folder.mkdir()
    codes = malformed_codes(CODES, Random(seed))
    _write(folder / "税务.csv", ("纳税人识别号", "纳税人名称"), codes, _names(Random(seed + 1)))
    _write(folder / "社保.csv", ("统一社会信用代码", "单位名称"), codes, _names(Random(seed + 2)))
    contest.jingwei(folder, out, log=work / "log")
    joined = _joined(out / "links.csv")
    told, unknown = _told(out)
    lacking = sum(1 for file in ("税务.csv", "社保.csv") for row in range(1, CODES + 1) if (file, row) not in told)
    return [
        Check(f"{CODES:,} 个坏代码：并成一户的行", "0", str(joined), joined == 0),
        Check(f"{CODES:,} 个坏代码：没有错误码的行", "0", str(lacking + unknown), lacking + unknown == 0),
    ]


def malformed_codes(count: int, draw: Random) -> list[str]:
    """Texts that are no code, half of them shared by many rows: placeholders, what a spreadsheet left,
    wrong lengths, letters no code has, wrong check characters.
    """
    kinds = (
        lambda: draw.choice(_PLACEHOLDERS),
        lambda: draw.choice(_SPREADSHEET),
        lambda: _text(draw, draw.choice((5, 12, 14, 16, 17, 19, 20))),
        lambda: _at(_text(draw, 18), draw.randrange(18), draw.choice("IOSVZ")),
        lambda: _wrong_check(draw),
        lambda: _SOUND[:15] + "000",
    )
    return [make() for make in islice(cycle(kinds), count)]


def _text(draw: Random, length: int) -> str:
    return "91" + "".join(draw.choice(ALPHABET) for _ in range(length - 2))


def _at(text: str, at: int, letter: str) -> str:
    return text[:at] + letter + text[at + 1 :]


def _wrong_check(draw: Random) -> str:
    """Well formed, but an organization code whose check character is outside its alphabet."""
    return f"91990{draw.randrange(100, 999)}MA{draw.randrange(10**5, 10**6)}Y{draw.choice(ALPHABET)}"


def _names(draw: Random) -> list[str]:
    """Names that no other row carries."""
    names: dict[str, None] = {}
    while len(names) < CODES:
        brand = "".join(draw.choice(BRAND_CHARACTERS) for _ in range(5))
        names[f"{brand}{draw.choice(TRADES)}有限公司"] = None
    return list(names)


def _write(path: Path, header: tuple[str, str], codes: list[str], names: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(zip(codes, names, strict=True))


def _joined(links: Path) -> int:
    """Rows that share an entity with another row."""
    with links.open(encoding="utf-8", newline="") as stream:
        entities = Counter(line["实体编号"] for line in csv.DictReader(stream) if line["实体编号"])
    return sum(count for count in entities.values() if count > 1)


def _told(out: Path) -> tuple[set[tuple[str, int]], int]:
    """Rows with an error code for their code, and how many error codes are none of the closed list."""
    known = {item.value for item in ErrorCode}
    told, unknown = set(), 0
    for name in ("flags.csv", "rejects.csv"):
        with (out / name).open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.DictReader(stream):
                told.add((line["数据源"], int(line["行号"])))
                unknown += line["错误码"] not in known
    return told, unknown
