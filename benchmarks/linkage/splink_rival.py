"""Splink alone: its own model, blocking and training over the columns that Jingwei normalised."""

import logging
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as level
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

# All pairs at or above it are kept, so that every cut-off of the sweep can be judged.
LOWEST_CUT = 1e-5
_SEED = 1
_U_PAIRS = 1_000_000
_EM_ROWS = 300_000
_RECALL_OF_RULES = 0.8

_INPUT = """
CREATE OR REPLACE TABLE splink_input AS
SELECT k.rid AS unique_id, k.rank, k.uscc, k.org, k.number, r.code_text, k.repairs,
  CASE WHEN k.uscc IS NULL THEN k.repairs ELSE [k.uscc] END AS codes,
  k.name_key, k.core, nullif(k.branch, '') AS branch, nullif(k.numerals, '') AS numerals,
  k.sound, f.former_key, k.person, k.phone, k.site, k.district,
  left(k.core, 2) AS start, right(k.core, 2) AS ending,
  CASE WHEN length(r.code_text) = 18 THEN left(r.code_text, 13) END AS code_front,
  CASE WHEN length(r.code_text) = 18 THEN right(r.code_text, 8) END AS code_back
FROM linkage.keyed k JOIN linkage.records r USING (rid)
LEFT JOIN (SELECT rid, min(name_key) AS former_key FROM linkage.former GROUP BY rid) f USING (rid)
"""
_PAIRS = """
COPY (
  SELECT unique_id_l AS left_rid, unique_id_r AS right_rid, match_probability AS probability, match_weight AS weight
  FROM {predicted}
) TO '{path}' (FORMAT parquet)
"""
_ROWS = "COPY (SELECT rid, rank, file, row FROM linkage.records WHERE unit = 0) TO '{path}' (FORMAT parquet)"

_FORMER = "former_key_l = name_key_r OR former_key_r = name_key_l"
# A name cut short: one begins with the other, which has at least six characters.
_CUT = "length(name_key_l) >= 6 AND starts_with(name_key_r, name_key_l) OR length(name_key_r) >= 6 AND starts_with(name_key_l, name_key_r)"
_REPAIRED = "list_contains(repairs_l, uscc_r) OR list_contains(repairs_r, uscc_l)"
_NO_CODE = "code_text_l IS NULL OR code_text_r IS NULL OR (org_l IS NULL AND number_l IS NULL AND length(code_text_l) < 15) OR (org_r IS NULL AND number_r IS NULL AND length(code_text_r) < 15)"
_TWO_CODES = "uscc_l IS NOT NULL AND uscc_r IS NOT NULL"
_OTHER_NUMERALS = "coalesce(numerals_l, '') <> coalesce(numerals_r, '') AND name_key_l <> name_key_r"
_OTHER_BRANCH = "coalesce(branch_l, '') <> coalesce(branch_r, '') AND name_key_l <> name_key_r"


def predict(engine: duckdb.DuckDBPyConnection, folder: Path, *, cut: float = LOWEST_CUT) -> None:
    """Train on the engine's own rows and write pairs.parquet (left_rid, right_rid, probability,
    weight) at or above the cut and rows.parquet (rid, rank, file, row).
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    engine.execute(_INPUT)
    ((rows,),) = engine.execute("SELECT count(*) FROM splink_input").fetchall()
    database = DuckDBAPI(engine)
    linker = Linker(database.register("splink_input"), _settings(), log_level=logging.ERROR)
    _train(linker, rows)
    predicted = linker.inference.predict(threshold_match_probability=cut)
    engine.execute(_PAIRS.format(predicted=predicted.physical_name, path=folder / "pairs.parquet"))
    engine.execute(_ROWS.format(path=folder / "rows.parquet"))


def _train(linker: Any, rows: int) -> None:
    rules = [block_on("uscc"), block_on("name_key", "person"), block_on("name_key", "site")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=_RECALL_OF_RULES)
    linker.training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=_SEED)
    share = min(1.0, _EM_ROWS / rows)
    for rule in (block_on("uscc"), block_on("name_key", "site"), block_on("name_key")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=share)


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(),
        blocking_rules_to_generate_predictions=[
            block_on("codes", arrays_to_explode=["codes"]),
            block_on("org"),
            block_on("number"),
            block_on("code_front"),
            block_on("code_back"),
            block_on("name_key"),
            block_on("core"),
            block_on("sound", "district"),
            "l.former_key = r.name_key",
            "l.name_key = r.former_key",
            block_on("person", "start"),
            block_on("person", "site"),
            block_on("person", "ending"),
            block_on("site", "start"),
            block_on("site", "ending"),
            block_on("start", "ending", "district"),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _comparisons() -> list[CustomComparison]:
    custom = level.CustomLevel
    return [
        _comparison(
            "code",
            _null(_NO_CODE, "no code"),
            level.ExactMatchLevel("uscc"),
            level.ExactMatchLevel("org"),
            level.ExactMatchLevel("number"),
            custom(_REPAIRED, "one character repaired"),
            level.LevenshteinLevel("code_text", 2),
            custom(_TWO_CODES, "two valid codes"),
            level.ElseLevel(),
        ),
        _comparison(
            "name",
            level.NullLevel("name_key"),
            level.ExactMatchLevel("name_key", term_frequency_adjustments=True),
            level.ExactMatchLevel("core", term_frequency_adjustments=True),
            custom(_FORMER, "former name"),
            custom(_OTHER_BRANCH, "another branch"),
            custom(_OTHER_NUMERALS, "other numerals"),
            level.ExactMatchLevel("sound", term_frequency_adjustments=True),
            custom(_CUT, "cut short"),
            level.LevenshteinLevel("name_key", 1),
            level.JaroWinklerLevel("core", 0.92),
            level.JaroWinklerLevel("core", 0.8),
            level.ElseLevel(),
        ),
        _comparison(
            "person",
            level.NullLevel("person"),
            level.ExactMatchLevel("person", term_frequency_adjustments=True),
            level.LevenshteinLevel("person", 1),
            level.ElseLevel(),
        ),
        _comparison(
            "site",
            level.NullLevel("site"),
            level.ExactMatchLevel("site", term_frequency_adjustments=True),
            level.JaroWinklerLevel("site", 0.9),
            level.ElseLevel(),
        ),
        _comparison("district", level.NullLevel("district"), level.ExactMatchLevel("district"), level.ElseLevel()),
        _comparison(
            "phone",
            level.NullLevel("phone"),
            level.ExactMatchLevel("phone", term_frequency_adjustments=True),
            level.ElseLevel(),
        ),
    ]


def _comparison(name: str, *levels: Any) -> CustomComparison:
    return CustomComparison(output_column_name=name, comparison_levels=levels)


def _null(condition: str, label: str) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": label, "is_null_level": True}
