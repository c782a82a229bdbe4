"""What becomes of this app's rows when an entity is taken up in another."""

from jingwei.base_roster.corrections import OWNERSHIP, shown
from jingwei.base_roster.merging_relations import EntityRelation, Fate, Values, Yield, no_row
from jingwei.base_roster.models import Fact
from jingwei.domain.lists import LISTS


def is_correction(row: Values) -> bool:
    return bool(row["list_kind"] == Fact.MANUAL)


def is_of_a_list(row: Values) -> bool:
    return not is_correction(row)


def is_decided(row: Values) -> bool:
    """A place that a person chose."""
    return bool(row["decided_by"])


def _fact(row: Values) -> str:
    what = _FIELDS.get(row["kind"], row["kind"])
    if not is_correction(row):
        return f"{what}（{row['as_of']}）"
    said = f"更正{what}为“{shown(row['kind'], row['value'])}”" if row["value"] else f"撤回{what}的更正"
    return f"{row['stated_by']} {row['as_of']} {said}"


def _placement(row: Values) -> str:
    return f"{row['decided_by']}确定的落点" + (f"（{row['evidence']}）" if row["evidence"] else "")


_FIELDS = {each.name: each.zh for listed in reversed(tuple(LISTS.values())) for each in listed.fields} | {
    OWNERSHIP: "所有制"
}

RELATIONS = (
    EntityRelation(
        model="base_roster.EntitySource",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="来源单位",
        effect="改归保留主体，以后各期名单随之归入",
        computed=frozenset({"read_record_id", "read_age"}),
        named=lambda row: f"来源单位 {row['unit_id']}",
    ),
    EntityRelation(
        model="base_roster.Identifier",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="代码和名称",
        effect="改归保留主体；与其相同的记入日志，不重复",
        yields=(Yield(("kind", "value")),),
        is_said=no_row,
        is_sticky=no_row,
        by_unit=True,
    ),
    EntityRelation(
        model="base_roster.Fact",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="事实和更正",
        effect="名单的事实改归保留主体；同一项两边都有更正的，以保留主体的为准",
        yields=(
            Yield(("kind", "list_kind", "as_of", "record_id"), is_of_a_list),
            Yield(("kind",), is_correction, answer=("value",)),
        ),
        is_sticky=is_correction,
        by_unit=True,
        named=_fact,
    ),
    EntityRelation(
        model="base_roster.Placement",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="落点",
        effect="人工确定的落点保留，两边都有的以保留主体的为准；否则按合并后的地址重算",
        yields=(Yield((), is_decided, answer=("place_id",)), Yield(())),
        stronger=is_decided,
        is_said=is_decided,
        is_sticky=no_row,
        named=_placement,
    ),
    EntityRelation(
        model="base_roster.Succession",
        column="earlier_id",
        fate=Fate.REPOINT,
        zh="后继主体",
        effect="改归保留主体；两者之间的承继关系记入日志后取消",
        yields=(Yield(("later_id",)),),
        other_end="later_id",
        is_said=no_row,
        is_sticky=no_row,
    ),
    EntityRelation(
        model="base_roster.Succession",
        column="later_id",
        fate=Fate.REPOINT,
        zh="原主体",
        effect="改归保留主体；两者之间的承继关系记入日志后取消",
        yields=(Yield(("earlier_id",)),),
        other_end="earlier_id",
        is_said=no_row,
        is_sticky=no_row,
    ),
    EntityRelation(
        model="base_roster.Entity",
        column="parent_id",
        fate=Fate.REMAKE,
        zh="分支机构",
        effect="按各自所写的上级名称重新挂靠",
        is_said=no_row,
        is_sticky=no_row,
    ),
)
