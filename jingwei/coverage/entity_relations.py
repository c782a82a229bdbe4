"""What becomes of verdicts, causes and letters when an entity is taken up in another."""

from jingwei.base_roster.merging_relations import EntityRelation, Fate, Yield, no_row
from jingwei.coverage.models import Cause

RELATIONS = (
    EntityRelation(
        model="coverage.Verdict",
        column="entity_id",
        fate=Fate.REMAKE,
        zh="覆盖判定",
        effect="按合并后的党员数和党组织重新判定",
        is_said=no_row,
        is_sticky=no_row,
    ),
    EntityRelation(
        model="coverage.Cause",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="未建原因",
        effect="改归保留主体；两边都填过的以保留主体的为准",
        yields=(Yield((), answer=("kind", "note")),),
        named=lambda row: f"{row['stated_by']} {row['stated_on']} 填写的未建原因“{Cause.Kind(row['kind']).label}”",
    ),
    EntityRelation(
        model="coverage.NoticeLetter",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="提示函",
        effect="文号、内容和答复不变，改归保留主体",
        # A letter closes by itself where no organization is due any more.
        computed=frozenset({"closed_on", "closed_because"}),
        named=lambda row: f"提示函 {row['number']}",
    ),
)
