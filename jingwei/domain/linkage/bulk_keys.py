"""The parts of records that are compared, made part by part by several threads.

First every text is evened out and the places are learned; then the names are taken apart.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import pyarrow as pa

from jingwei.domain.linkage.bulk_addresses import bulk_split_addresses
from jingwei.domain.linkage.bulk_fields import bulk_fold_persons, bulk_fold_phones
from jingwei.domain.linkage.bulk_fold import Folded, bulk_fold_addresses, bulk_fold_names
from jingwei.domain.linkage.bulk_names import Places, bulk_leading_places, bulk_split_names
from jingwei.domain.linkage.normalize import learn_places

# Small enough for the arrays of a part to stay in the processor's cache.
_PART = 32_768
_RAW: Final = ("name", "address", "person", "phone")


class KeyedTexts(NamedTuple):
    """The table with columns of keys in place of its texts, the keys of the former names (one column
    `rid`, one `name_key`), and the places that were left out of names.
    """

    table: pa.Table
    former: pa.Table
    places: frozenset[str]


class _Part(NamedTuple):
    kept: pa.Table
    names: Folded
    is_named: pa.Array
    made: dict[str, pa.Array]
    places: Counter[str]
    texts: int


def keyed_texts(
    records: pa.Table, former: pa.Table, *, divisions: Collection[str] = (), threads: int = 1, learn: bool = True
) -> KeyedTexts:
    """Keys for `records` (with `name`, `address`, `person`, `phone`) and for `former` names (`rid`, `name`).

    Places are those in `divisions` and, unless `learn` is false, those that enough of the records'
    addresses and names begin with. The number of threads changes nothing but the time.
    """
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(_evened, _parts(records)))
        former_parts = list(pool.map(_evened_former, _parts(former)))
        learned = _learned([*parts, *former_parts]) if learn else frozenset()
        known = learned | {name for name in divisions if len(name) > 1}
        places = Places(known)
        tables = list(pool.map(lambda part: _taken_apart(part, places), parts))
        keys = list(pool.map(lambda part: _former_keys(part, places), former_parts))
    return KeyedTexts(pa.concat_tables(tables), pa.concat_tables(keys), frozenset(known))


def _parts(table: pa.Table) -> Iterable[pa.Table]:
    """At least one part, which may be empty."""
    return [table.slice(start, _PART) for start in range(0, max(len(table), 1), _PART)]


def _evened(part: pa.Table) -> _Part:
    column = _columns(part)
    names = bulk_fold_names(column("name"))
    made = bulk_split_addresses(bulk_fold_addresses(column("address")))
    places = Counter(bulk_leading_places(names))
    for level in ("province", "city", "district"):
        for counted in made[level].value_counts().to_pylist():
            if counted["values"] is not None:
                places[counted["values"]] += counted["counts"]
    texts = sum(len(part) - part[name].null_count for name in ("name", "address"))
    made = {name: made[name] for name in ("district", "site", "road", "house")}
    made["person"] = bulk_fold_persons(column("person"))
    made["phone"] = bulk_fold_phones(column("phone"))
    kept = part.select([name for name in part.column_names if name not in _RAW[1:]])
    return _Part(kept, names, column("name").is_valid(), made, places, texts)


def _evened_former(part: pa.Table) -> _Part:
    column = _columns(part)("name")
    names = bulk_fold_names(column)
    return _Part(part.select(["rid"]), names, column.is_valid(), {}, Counter(bulk_leading_places(names)), len(part))


def _learned(parts: Iterable[_Part]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    texts = 0
    for part in parts:
        counts.update(part.places)
        texts += part.texts
    return learn_places(counts, texts)


def _taken_apart(part: _Part, places: Places) -> pa.Table:
    table = part.kept
    columns = bulk_split_names(part.names, places)
    for name, column in {**columns, **part.made}.items():
        table = table.append_column(name, column)
    return table.append_column("is_named", part.is_named)


def _former_keys(part: _Part, places: Places) -> pa.Table:
    return part.kept.append_column("name_key", bulk_split_names(part.names, places)["key"])


def _columns(part: pa.Table) -> Callable[[str], pa.StringArray]:
    return lambda name: pa.concat_arrays([chunk.cast(pa.string()) for chunk in part[name].chunks] or [_NO_TEXTS])


_NO_TEXTS = pa.array([], pa.string())
