"""What becomes of coverings when an entity is taken up in another."""

from jingwei.base_roster.merging_relations import EntityRelation, Fate, Values


def is_by_person(row: Values) -> bool:
    """A covering that a person settled; every other one the next list decides anew."""
    return bool(row["decided_by"])


RELATIONS = (
    EntityRelation(
        model="branches.CoveredUnit",
        column="entity_id",
        fate=Fate.REPOINT,
        zh="党组织覆盖",
        effect="改为覆盖保留主体；同一党组织只计一次",
        # A list ends coverings and finds better grounds for them month by month.
        computed=frozenset({"valid", "rule", "score", "waits", "recorded_at"}),
        is_sticky=is_by_person,
        named=lambda row: f"党组织名册所写“{row['spelt']}”的覆盖",
    ),
)
