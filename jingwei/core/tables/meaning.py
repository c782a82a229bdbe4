"""What a header means: of which list the file is, which columns are keys, and remarks on that."""

from collections.abc import Sequence
from dataclasses import dataclass

from jingwei.core.tables.columns import ColumnMapping, map_columns, suggest
from jingwei.core.tables.errors import TableErrorCode, refusal
from jingwei.core.tables.header import HeaderFit
from jingwei.core.tables.model import Conflict, Suggestion
from jingwei.core.tables.unreadable import expected_zh, similar_zh
from jingwei.domain.headers import kind_of_file_name, kind_of_headers, kind_scores
from jingwei.domain.lists import LISTS, ListKind

_MOST_NAMED = 8
_FEW_CODE_LIKE = 5


@dataclass(frozen=True)
class Meaning:
    """The list a file is of (None if it cannot be told) and what its columns hold.

    `expected` is the list the sender or the file name speaks of, `name_column` and `code_column` the
    first columns that claim the keys.
    """

    kind: ListKind | None
    expected: ListKind | None
    header: tuple[str, ...]
    columns: ColumnMapping
    suggestions: tuple[Suggestion, ...]
    name_column: int | None
    code_column: int | None

    def refuse_without_key(self, place_zh: str) -> None:
        """Raise T-NO-KEY if no column claims a key of the list."""
        if self.name_column is None and self.code_column is None:
            unmapped = [self.header[column] for column in self.columns.unmapped]
            similar, expected = similar_zh([unmapped], self.kind), expected_zh(self.kind)
            raise refusal(TableErrorCode.NO_KEY, place_zh, similar=similar, expected=expected)

    def refuse_undecided_keys(self, conflicts: Sequence[Conflict], place_zh: str) -> None:
        """Raise T-SAME-COLUMNS if every key column is among conflicts nobody can decide."""
        undecided = {column for each in conflicts if each.chosen is None for column in each.columns}
        keys = {self.name_column, self.code_column} - {None}
        if keys <= undecided:
            columns = self._columns_zh(sorted(undecided))
            raise refusal(TableErrorCode.SAME_COLUMNS, place_zh, columns=columns)

    def notes_zh(
        self,
        fit: HeaderFit,
        titles: Sequence[str],
        conflicts: Sequence[Conflict],
        code_like_names: int,
    ) -> list[str]:
        """Remarks on titles, header, list and columns."""
        notes = []
        if titles:
            notes.append(f"表头上方有标题：{'；'.join(titles)}")
        if fit.height > 1:
            notes.append(f"第 {fit.index} 行和第 {fit.index + 1} 行合为表头")
        elif fit.index:
            notes.append(f"表头在第 {fit.index + 1} 行")
        notes += self._kind_notes()
        notes += [self._conflict_note(each) for each in conflicts]
        if self.columns.ignored:
            notes.append(f"{self._columns_zh(self.columns.ignored)}是序号或外部编号，不作为字段")
        named = [column for column in self.columns.unmapped if self.header[column]]
        if named:
            more = " 等" if len(named) > _MOST_NAMED else ""
            notes.append(f"没有对应字段的列：{self._columns_zh(named[:_MOST_NAMED])}{more}")
        notes += [self._suggestion_note(each) for each in self.suggestions]
        if code_like_names > _FEW_CODE_LIKE and self.name_column is not None:
            notes.append(f"{self._columns_zh([self.name_column])}里多是代码，请检查名称与代码两列是否颠倒")
        return notes

    def _kind_notes(self) -> list[str]:
        if self.kind is None:
            return ["从文件名和表头都看不出是哪个部门的名单，请选择"]
        scores = kind_scores(self.header)
        likeliest = kind_of_headers(self.header)
        if likeliest not in (None, self.kind) and scores[likeliest] > scores[self.kind]:
            zh, other = LISTS[self.kind].zh, LISTS[likeliest].zh
            return [f"按“{zh}”名单读取，但表头更像“{other}”名单，请核对"]
        if self.expected not in (None, self.kind):
            zh, other = LISTS[self.kind].zh, LISTS[self.expected].zh
            return [f"文件名像“{other}”名单，表头却是“{zh}”名单，按后者读取"]
        return []

    def _conflict_note(self, conflict: Conflict) -> str:
        field = self._field_zh(conflict.field)
        several = f"{self._columns_zh(conflict.columns)}都表示“{field}”"
        if conflict.chosen is None:
            return f"{several}而取值不同，暂不采用，请选定一列"
        return f"{several}，采用{self._columns_zh([conflict.chosen])}"

    def _suggestion_note(self, suggestion: Suggestion) -> str:
        percent = round(suggestion.confidence * 100)
        field = self._field_zh(suggestion.field)
        return f"{self._columns_zh([suggestion.column])}可能是“{field}”（相似度 {percent}%），请确认"

    def _columns_zh(self, columns: Sequence[int]) -> str:
        return "、".join(f"第 {column + 1} 列“{self.header[column]}”" for column in columns)

    def _field_zh(self, name: str) -> str:
        definitions = [LISTS[self.kind]] if self.kind else LISTS.values()
        return next(field.zh for each in definitions for field in each.fields if field.name == name)


def read_meaning(file_name: str, header: tuple[str, ...], kind: ListKind | None) -> Meaning:
    """Tell the list by what the sender says, else by the file name if the header has its keys, else
    by the header; then map the columns.
    """
    named = kind_of_file_name(file_name)
    chosen = kind or (named if named and _has_key(header, named) else kind_of_headers(header))
    columns = map_columns(header, chosen)
    first = {field: rivals[0] for field, rivals in columns.rivals.items()}
    first |= {field: column for column, field in columns.mapping.items()}
    names = (LISTS[chosen].name_field,) if chosen else ("name", "organization_name")
    return Meaning(
        kind=chosen,
        expected=kind or named,
        header=header,
        columns=columns,
        suggestions=suggest(header, columns.unmapped, chosen, first),
        name_column=next((first[name] for name in names if name in first), None),
        code_column=first.get("uscc"),
    )


def _has_key(header: Sequence[str], kind: ListKind) -> bool:
    columns = map_columns(header, kind)
    return not {*columns.mapping.values(), *columns.rivals}.isdisjoint(LISTS[kind].key_fields)
