"""What runs have in common that are to give equal links: weights, counts of values, learned places, shared
sites and phones, the districts of area codes and the numbers of files.

A full run may begin a version; a delta, or a full run that is told to, goes by one. Persons and phones
are only ever compared for being equal, so that under a version they appear as salted hashes.
"""

import json
from typing import Final, NamedTuple

import duckdb
import pyarrow as pa

from jingwei.domain.linkage import keys
from jingwei.domain.linkage.bulk_keys import keyed_texts
from jingwei.domain.linkage.model import Model, read_model

# The tables of a version, as they are called in `linkage`.
TABLES: Final = ("place", "shared_sites", "shared_phones", "areas", "frequency", "roster_size")


class Version(NamedTuple):
    """`salt` makes the hashes of persons and phones; `known` tells that the tables of the version are
    there, otherwise the run makes them.
    """

    model: Model
    salt: str
    known: bool = False


# Twelve characters are 72 bits.
_VEILED = "left(to_base64(unhex(md5('{salt}' || {column}))), 12)"
_VEIL = "{person} AS person, {phone} AS phone"
_VEIL_KEYED = """
CREATE OR REPLACE TABLE linkage.keyed AS SELECT k.* REPLACE ({veil}) FROM linkage.keyed k
"""
_VEIL_PHONES = """
CREATE OR REPLACE TABLE linkage.shared_phones AS SELECT {phone} AS phone FROM linkage.shared_phones
"""


def veil(engine: duckdb.DuckDBPyConnection, version: Version) -> None:
    """Put hashes in the place of persons and phones in `linkage.keyed` and `linkage.shared_phones`."""
    engine.execute(_VEIL_KEYED.format(veil=_veil(version)))
    engine.execute(_VEIL_PHONES.format(phone=_veiled("phone", version)))


def build_known_keys(engine: duckdb.DuckDBPyConnection, version: Version, *, party_rank: int, registers: int) -> None:
    """`keys.build_keys` that takes from the version's tables what it would otherwise learn."""
    taken = keys._TAKEN.format(party_rank=party_rank, row_hash=keys._ROW_HASH)
    records: pa.Table = engine.sql(taken).to_arrow_table()
    former: pa.Table = engine.sql(keys._FORMER_TAKEN.format(party_rank=party_rank)).to_arrow_table()
    ((threads,),) = engine.execute("SELECT current_setting('threads')").fetchall()
    places = [name for (name,) in engine.execute("SELECT name FROM linkage.place").fetchall()]
    made = keyed_texts(records, former, divisions=places, threads=threads, learn=False)
    engine.register("linkage_plain", made.table)
    engine.execute(f"CREATE TEMP VIEW linkage_made AS SELECT * REPLACE ({_veil(version)}) FROM linkage_plain")
    engine.execute(keys._KEYED.format(registers=registers))
    engine.execute("DROP VIEW linkage_made")
    engine.unregister("linkage_plain")
    engine.register("linkage_former", made.former)
    engine.execute(keys._FORMER)
    engine.unregister("linkage_former")


def model_text(model: Model) -> str:
    """The model as JSON that `model.read_model` reads."""
    return json.dumps(
        {
            "version": model.version,
            "accept": model.accept,
            "margin": model.margin,
            "review": model.review,
            "weights": {".".join(key): value for key, value in model.weights.items()},
            "once": {".".join(key): value for key, value in model.once.items()},
        }
    )


def save_version(engine: duckdb.DuckDBPyConnection, version: Version, *, kept: str) -> None:
    """Write the version of a run to the catalog `kept`."""
    for table in TABLES:
        engine.execute(f"CREATE TABLE {kept}.{table} AS SELECT * FROM linkage.{table}")
    engine.execute(f"CREATE TABLE {kept}.file AS SELECT rank, file, number FROM linkage.file")
    engine.execute(f"CREATE TABLE {kept}.version (model VARCHAR, salt VARCHAR)")
    engine.execute(f"INSERT INTO {kept}.version VALUES (?, ?)", [model_text(version.model), version.salt])


def take_version(engine: duckdb.DuckDBPyConnection, *, kept: str) -> Version:
    """The version in the catalog `kept`, its tables copied into `linkage`; to be called after `begin`."""
    for table in TABLES:
        engine.execute(f"CREATE OR REPLACE TABLE linkage.{table} AS SELECT * FROM {kept}.{table}")
    engine.execute(f"INSERT INTO linkage.known_file SELECT * FROM {kept}.file")
    ((model, salt),) = engine.execute(f"SELECT model, salt FROM {kept}.version").fetchall()
    return Version(read_model(model), salt, known=True)


def _veil(version: Version) -> str:
    return _VEIL.format(person=_veiled("person", version), phone=_veiled("phone", version))


def _veiled(column: str, version: Version) -> str:
    return _VEILED.format(salt=version.salt, column=column)
