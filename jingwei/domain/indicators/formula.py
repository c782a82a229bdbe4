"""The language of indicators: a text is read into a typed tree; a fault is told in Chinese with its place.

    condition   counts_in_base · staff is unknown · listed(market, civil_affairs) · full_members >= rule(branch.x)
                roster in ('social', 'small') · covered_as not in rule(coverage.organization_forms)
                founded_on within this year · founded_on within last 12 months · issued_on <= as_of
                joined by and, or, not, brackets, certainly (…)
    number      columns, numbers and rule(…) joined by + and -

Logic has three values: a comparison with an unknown value is unknown, and so is a sum of it. "certainly"
takes unknown for no; it is for conditions in which silence means no.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jingwei.domain.indicators.columns import BITS, COLUMNS, Column, Type
from jingwei.domain.indicators.terms import Population
from jingwei.domain.indicators.tokens import FormulaError, Token, tokens_of
from jingwei.domain.indicators.tree import (
    AsOf,
    Certainly,
    Compare,
    Field,
    Join,
    Known,
    Listed,
    Member,
    Node,
    Not,
    Number,
    Rule,
    Sum,
    Text,
    Within,
)
from jingwei.domain.lists import ListKind

_SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_PERIODS = frozenset({"day", "month", "quarter", "year"})
_KEYWORDS = frozenset(
    {"and", "or", "not", "in", "is", "known", "unknown", "within", "this", "last", "rule", "listed", "certainly"}
)


def parse(text: str, population: Population) -> Node:
    """The tree of a formula over the columns of a population.

    Raises FormulaError, in Chinese, with the place of the fault.
    """
    return _Reader(tokens_of(text), COLUMNS[population]).whole()


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right; one method for each level of precedence."""

    tokens: tuple[Token, ...]
    columns: Mapping[str, Column]
    at: int = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.now
        self.at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Step over the words if all of them stand here."""
        ahead = self.tokens[self.at : self.at + len(words)]
        if [token.text for token in ahead if token.kind in {"name", "mark"}] != list(words):
            return False
        self.at += len(words)
        return True

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise FormulaError(f"此处应为“{word}”，{_found(self.now)}", self.now.place)

    def whole(self) -> Node:
        node = self.disjunction()
        if self.now.kind != "end":
            raise FormulaError(f"到这里应已结束，{_found(self.now)}", self.now.place)
        return node

    def disjunction(self) -> Node:
        return self._joined("or", self.conjunction)

    def conjunction(self) -> Node:
        return self._joined("and", self.negation)

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        place = self.now.place
        parts = [part()]
        while self.accept(word):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return Join(word, tuple(_condition(node, word, place) for node in parts))

    def negation(self) -> Node:
        place = self.now.place
        if self.accept("not"):
            return Not(_condition(self.negation(), "not", place))
        return self.comparison()

    def comparison(self) -> Node:
        left_at, left = self.now.place, self.sum()
        if self.now.text in _SIGNS and self.now.kind == "mark":
            sign = self.take().text
            right_at = self.now.place
            return _compared(sign, left, self.sum(), right_at)
        if self.accept("is"):
            return self._known(left)
        if self.accept("within"):
            return self._within(_field(left, Type.DATE, "within", left_at))
        if self.accept("not", "in"):
            return Not(self._member(_field(left, Type.TEXT, "in", left_at)))
        if self.accept("in"):
            return self._member(_field(left, Type.TEXT, "in", left_at))
        return left

    def _known(self, node: Node) -> Node:
        if self.accept("known"):
            return Known(node, known=True)
        self.expect("unknown")
        return Known(node, known=False)

    def _within(self, field: Field) -> Node:
        if self.accept("this"):
            return Within(field, self._period(), None)
        self.expect("last")
        token = self.take()
        if token.kind != "number" or "." in token.text:
            raise FormulaError(f"last 之后应为整数，{_found(token)}", token.place)
        return Within(field, self._period(), int(token.text))

    def _period(self) -> str:
        token = self.take()
        period = token.text.removesuffix("s")
        if token.kind != "name" or period not in _PERIODS:
            raise FormulaError(f"此处应为 day、month、quarter 或 year，{_found(token)}", token.place)
        return period

    def _member(self, field: Field) -> Node:
        if self.accept("rule"):
            return Member(field, (), self._rule_id())
        self.expect("(")
        words = [self._word(field)]
        while self.accept(","):
            words.append(self._word(field))
        self.expect(")")
        return Member(field, tuple(words), "")

    def _word(self, field: Field) -> str:
        token = self.take()
        if token.kind != "text":
            raise FormulaError(f"此处应为引号中的词，{_found(token)}", token.place)
        _check_word(field.column, token.text, token.place)
        return token.text

    def _rule_id(self) -> str:
        self.expect("(")
        token = self.take()
        if token.kind != "name" or "." not in token.text:
            raise FormulaError(f"rule 之后应为规则编号，{_found(token)}", token.place)
        self.expect(")")
        return token.text

    def sum(self) -> Node:
        place, left = self.now.place, self.atom()
        while self.now.kind == "mark" and self.now.text in {"+", "-"}:
            sign = self.take().text
            right_at, right = self.now.place, self.atom()
            left = Sum(sign, _number(left, place), _number(right, right_at))
        return left

    def atom(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text) if "." in token.text else int(token.text))
        if token.kind == "text":
            return Text(token.text)
        if token.text == "(":
            node = self.disjunction()
            self.expect(")")
            return node
        if token.kind == "name":
            return self._named(token)
        raise FormulaError(f"此处应为列、数或条件，{_found(token)}", token.place)

    def _named(self, token: Token) -> Node:
        if token.text == "rule":
            return Rule(self._rule_id())
        if token.text == "listed":
            return self._listed(token)
        if token.text == "certainly":
            self.expect("(")
            node = _condition(self.disjunction(), "certainly", token.place)
            self.expect(")")
            return Certainly(node)
        if token.text == "as_of":
            return AsOf()
        if token.text in self.columns:
            return Field(self.columns[token.text])
        kind = "此处不能用" if token.text in _KEYWORDS else "没有列"
        raise FormulaError(f"{kind}“{token.text}”", token.place)

    def _listed(self, token: Token) -> Node:
        if "evidence" not in self.columns:
            raise FormulaError("只有主体才能用 listed", token.place)
        self.expect("(")
        mask = self._list_bit()
        while self.accept(","):
            mask |= self._list_bit()
        self.expect(")")
        return Listed(mask)

    def _list_bit(self) -> int:
        token = self.take()
        if token.text not in set(ListKind):
            raise FormulaError(f"没有名单“{token.text}”", token.place)
        return BITS[ListKind(token.text)]


def _found(token: Token) -> str:
    return f"却是“{token.text}”" if token.kind != "end" else "却到了结尾"


def _condition(node: Node, word: str, place: int) -> Node:
    if node.type is not Type.CONDITION:
        raise FormulaError(f"{word} 连接的应为条件", place)
    return node


def _number(node: Node, place: int) -> Node:
    if node.type is not Type.NUMBER:
        raise FormulaError("加减的应为数", place)
    return node


def _field(node: Node, kind: Type, word: str, place: int) -> Field:
    if not isinstance(node, Field) or node.type is not kind:
        wanted = "日期列" if kind is Type.DATE else "文字列"
        raise FormulaError(f"{word} 之前应为{wanted}", place)
    return node


def _compared(sign: str, left: Node, right: Node, place: int) -> Node:
    if left.type is not right.type or left.type is Type.CONDITION:
        raise FormulaError("两边不是同一类的值，不能比较", place)
    if left.type not in {Type.NUMBER, Type.DATE} and sign not in {"=", "!="}:
        raise FormulaError(f"文字不能用“{sign}”比较", place)
    if isinstance(left, Field) and isinstance(right, Text):
        _check_word(left.column, right.value, place)
    return Compare(sign, left, right)


def _check_word(column: Column, word: str, place: int) -> None:
    if column.unknown == word:
        raise FormulaError(f"“{column.zh}”未知应写 {column.name} is unknown", place)
    if column.words is not None and word not in column.words:
        raise FormulaError(f"“{column.zh}”没有“{word}”这个值", place)
