"""Tables of other people in, tables for other people out. Importable without Django's settings."""

from jingwei.core.tables.child import Parsing, parse_in_subprocess
from jingwei.core.tables.columns import ColumnMapping, map_columns
from jingwei.core.tables.errors import TableError, TableErrorCode
from jingwei.core.tables.model import DEFAULT, Conflict, ParsedTable, Suggestion, TableLimits
from jingwei.core.tables.read import parse
from jingwei.core.tables.write import write_csv, write_xlsx

__all__ = [
    "DEFAULT",
    "ColumnMapping",
    "Conflict",
    "ParsedTable",
    "Parsing",
    "Suggestion",
    "TableError",
    "TableErrorCode",
    "TableLimits",
    "map_columns",
    "parse",
    "parse_in_subprocess",
    "write_csv",
    "write_xlsx",
]
