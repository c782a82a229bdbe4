"""Makes the lists of an invented city with known truth.

    python -m benchmarks.linkage.generator OUT_DIR --profile desk --rows 100000 --seed 1

Equal arguments give equal files.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.linkage.city import make_city
from benchmarks.linkage.noise import damage
from benchmarks.linkage.rates import PROFILES, Sheets
from benchmarks.linkage.sheets import LAYOUTS, Sheet, make_sheets
from benchmarks.linkage.writing import write_lists

USUAL_LISTS = ("market", "tax", "insurance")


def generate(
    folder: Path, *, profile: str, rows: int, seed: int, lists: tuple[str, ...] = USUAL_LISTS, plain: bool = False
) -> list[Sheet]:
    """Write the lists of a city with `rows` market entities and, in folder/truth, what is true of them.

    truth.parquet has file, row, entity (NULL for rows that are no unit), code as written;
    `plain` delivers all lists as UTF-8 CSV without title rows.
    damages.parquet has a line (file, row, damage) for everything that was done to a row.
    """
    chosen = PROFILES[profile]
    rng = np.random.default_rng([seed, chosen.divisions])
    city = make_city(chosen, rows, rng)
    sheets = make_sheets(city, chosen.shape, rows, lists, rng)
    for sheet in sheets:
        damage(sheet, city, chosen, seed)
    write_lists(sheets, Sheets() if plain else chosen.sheets, folder, city_name=city.divisions.city)
    return sheets


def main() -> None:
    """Read the arguments, write the lists and say how many rows each has."""
    parser = argparse.ArgumentParser(description="Lists of an invented city with known truth.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="desk")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lists", default=",".join(USUAL_LISTS), help=f"any of {','.join(LAYOUTS)}")
    parser.add_argument("--plain", action="store_true", help="all lists as UTF-8 CSV")
    given = parser.parse_args()
    lists = tuple(given.lists.split(","))
    how = {"profile": given.profile, "rows": given.rows, "seed": given.seed, "plain": given.plain}
    for sheet in generate(given.out, lists=lists, **how):
        print(f"{LAYOUTS[sheet.list_name][0]}\t{len(sheet)}\t{dict(sheet.counted())}")


if __name__ == "__main__":
    main()
