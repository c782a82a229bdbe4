"""What becomes of the keys for matching when an entity is taken up in another: a merge leaves them alone.

The job that follows the journal takes the keys of the entity that went, and keys the kept one again; what has no
entity is no candidate meanwhile.
"""

from jingwei.base_roster.merging_relations import EntityRelation, Fate, no_row

RELATIONS = (
    EntityRelation(
        model="registrations.Anchor",
        column="entity_id",
        fate=Fate.FROZEN,
        zh="登记比对键",
        effect="合并时不动，随后按合并后的事实重新生成",
        is_said=no_row,
        is_sticky=no_row,
    ),
)
