"""Published states keep the numbers of the entities that they were taken with."""

from jingwei.base_roster.merging_relations import EntityRelation, Fate

_EFFECT = "已发布的快照不变，保留当时的主体编号"

RELATIONS = (
    EntityRelation(
        model="indicators.EntityState", column="entity_id", fate=Fate.FROZEN, zh="快照中的主体", effect=_EFFECT
    ),
    EntityRelation(
        model="indicators.OrganizationState",
        column="entity_ids",
        fate=Fate.FROZEN,
        zh="快照中党组织覆盖的主体",
        effect=_EFFECT,
    ),
)
