"""A formula in Chinese, for people who want to know what a figure counts."""

from jingwei.domain.glossary import Labelled
from jingwei.domain.indicators.columns import BITS, Column
from jingwei.domain.indicators.tree import (
    AsOf,
    Certainly,
    Compare,
    Condition,
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
from jingwei.domain.lists import LISTS
from jingwei.domain.rulebook import Rules

_SIGNS = {"=": "为", "!=": "不为", "<": "小于", "<=": "不超过", ">": "超过", ">=": "不少于"}
_DATES = {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_PERIODS = {"day": "当日", "month": "本月", "quarter": "本季度", "year": "本年"}
_LAST = {"day": "日", "month": "个月", "quarter": "个季度", "year": "年"}
_WORDS = {"and": "，且", "or": "，或"}


def wording(node: Node, rules: Rules) -> str:
    """The formula in words, with the values that the rules give it on their day."""
    match node:
        case Field():
            text = node.column.zh
        case Text():
            text = f"“{node.value}”"
        case Number():
            text = f" {node.value:g}"
        case Rule():
            text = f" {rules.number(node.id):g}"
        case AsOf():
            text = "截至日期"
        case Sum():
            text = f"{wording(node.left, rules)}{'加' if node.sign == '+' else '减'}{wording(node.right, rules)}"
        case _:
            text = _condition(node, rules)
    return text


def _condition(node: Condition, rules: Rules) -> str:
    match node:
        case Compare():
            text = _compared(node, rules)
        case Member():
            words = rules.words(node.rule) if node.rule else node.words
            text = f"{node.field.column.zh}为{'、'.join(_word(node.field.column, word) for word in words)}"
        case Known():
            text = f"{wording(node.node, rules)}{'已知' if node.known else '未知'}"
        case Within():
            period = _PERIODS[node.period] if node.last is None else f"最近 {node.last} {_LAST[node.period]}"
            text = f"{node.field.column.zh}在{period}内"
        case Listed():
            names = [LISTS[kind].zh for kind, bit in BITS.items() if node.mask & bit]
            text = f"在{'、'.join(names)}名单之一"
        case Not():
            text = f"不是（{wording(node.node, rules)}）"
        case Certainly():
            text = f"确知{wording(node.node, rules)}"
        case Join():
            text = _WORDS[node.word].join(_inner(part, rules) for part in node.parts)
    return text


def _compared(node: Compare, rules: Rules) -> str:
    left, right = wording(node.left, rules), wording(node.right, rules)
    if isinstance(node.left, Field) and isinstance(node.right, Text):
        right = _word(node.left.column, node.right.value)
    signs = _DATES if isinstance(node.right, AsOf) else _SIGNS
    return f"{left}{signs.get(node.sign, _SIGNS[node.sign])}{right}"


def _inner(node: Node, rules: Rules) -> str:
    text = wording(node, rules)
    return f"（{text}）" if isinstance(node, Join) else text


def _word(column: Column, word: str) -> str:
    return next((known.zh for known in column.words or () if known == word and isinstance(known, Labelled)), word)
