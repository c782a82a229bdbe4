"""Writes lists as files arrive, and beside them the truth: which entity each row is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from benchmarks.linkage.city import Numbers, Texts
from benchmarks.linkage.rates import MOST_XLSX_ROWS, Sheets
from benchmarks.linkage.sheets import LAYOUTS, Sheet

NOBODY = -1
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Page:
    """A list ready to be written: lines above the header, header, cells, the entity of each row."""

    above: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    columns: list[Texts]
    entity: Numbers
    codes: Texts


def write_lists(sheets: Sequence[Sheet], how: Sheets, folder: Path, *, city_name: str) -> list[Path]:
    """Write every sheet and folder/truth/{truth,damages}.parquet; returns the list files."""
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    paths, truth, damages = [], [], []
    for sheet in sheets:
        page, shift = _page(sheet, how, city_name)
        stem = LAYOUTS[sheet.list_name][0]
        is_book = sheet.list_name == how.xlsx and len(page.entity) <= MOST_XLSX_ROWS
        path = folder / f"{stem}.{'xlsx' if is_book else 'csv'}"
        if is_book:
            _write_book(path, page)
        else:
            _write_csv(path, page, how.encodings.get(sheet.list_name, "utf-8"))
        paths.append(path)
        truth.append(_truth(path.name, page))
        damages.extend(_damages(path.name, sheet, shift))
    pq.write_table(pa.concat_tables(truth), folder / "truth" / "truth.parquet")
    pq.write_table(pa.concat_tables(damages), folder / "truth" / "damages.parquet")
    return paths


def _page(sheet: Sheet, how: Sheets, city_name: str) -> tuple[Page, Numbers]:
    """The page, and the row number of every row of the sheet on it."""
    stem, layout = LAYOUTS[sheet.list_name]
    header = tuple(title for name, title in layout if name in sheet.columns)
    count, every = len(sheet), how.repeat_header_every
    places = np.arange(every, count, every) if every else np.array([], dtype=np.int64)
    columns = [np.insert(column, places, title) for column, title in zip(sheet.columns.values(), header, strict=True)]
    entity = np.insert(sheet.entity, places, NOBODY)
    codes = np.insert(sheet.columns["code"], places, "")
    rows = np.arange(count) + 1 + np.searchsorted(places, np.arange(count), side="right")
    above: tuple[tuple[str, ...], ...] = ()
    if how.titles:
        above = ((f"{city_name}{stem}名单",), ("单位：户", "制表日期：2026-10-31"))
        last = ["合计", *[""] * (len(columns) - 2), str(count)]
        columns = [np.append(column, text) for column, text in zip(columns, last, strict=True)]
        entity, codes = np.append(entity, NOBODY), np.append(codes, "")
    return Page(above, header, columns, entity, codes), rows


def _write_csv(path: Path, page: Page, encoding: str) -> None:
    """DuckDB writes the cells, quoting where needed; then they are recoded behind the lines above."""
    plain = path.with_suffix(".part")
    names = [f"c{at}" for at in range(len(page.columns))]
    made = pa.table([pa.array([text or None for text in column], pa.string()) for column in page.columns], names=names)
    with duckdb.connect() as engine:
        engine.execute("SET preserve_insertion_order = true")
        engine.register("made", made)
        engine.execute(f"COPY made TO '{plain}' (FORMAT csv, HEADER false)")
    with plain.open("r", encoding="utf-8", newline="") as source, path.open("w", encoding=encoding, newline="") as out:
        for line in (*page.above, page.header):
            out.write(",".join((*line, *[""] * (len(page.header) - len(line)))) + "\n")
        while chunk := source.read(_CHUNK):
            out.write(chunk)
    plain.unlink()


def _write_book(path: Path, page: Page) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate((*page.above, page.header)):
            for place, text in enumerate(line):
                sheet.write_string(at, place, text)
        start = len(page.above) + 1
        for at, cells in enumerate(zip(*page.columns, strict=True), start):
            for place, text in enumerate(cells):
                if text:
                    sheet.write_string(at, place, text)


def _truth(file: str, page: Page) -> pa.Table:
    """file, row (1 is the first below the header), entity (NULL: no unit), code as it stands there."""
    count = len(page.entity)
    return pa.table(
        {
            "file": pa.array([file] * count, pa.string()),
            "row": np.arange(1, count + 1),
            "entity": pa.array(page.entity, mask=page.entity == NOBODY),
            "code": pa.array(page.codes.tolist(), pa.string()),
        }
    )


def _damages(file: str, sheet: Sheet, rows: Numbers) -> list[pa.Table]:
    found = []
    for name, hit in sheet.damages:
        at = rows[np.array(hit, dtype=np.int64)]
        found.append(
            pa.table(
                {
                    "file": pa.array([file] * len(hit), pa.string()),
                    "row": at,
                    "damage": pa.array([name] * len(hit), pa.string()),
                }
            )
        )
    return found
