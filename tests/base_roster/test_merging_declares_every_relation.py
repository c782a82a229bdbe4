"""Every column that speaks of an entity says what a merge does with its rows."""

from types import SimpleNamespace

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test.utils import isolate_apps

from jingwei.accounts.scope import acting
from jingwei.base_roster import merging_relations
from jingwei.base_roster.merging_plan import plan_of
from jingwei.base_roster.merging_relations import Column, EntityRelation, Fate, relations, undeclared
from jingwei.base_roster.models import Entity
from jingwei.base_roster.services import merging
from jingwei.core.permissions import Role
from jingwei.core.refusal import Refused
from tests.base_roster.merges import same_firm
from tests.city import NOW, SmallCity

# What the database itself holds to point at an entity.
_CONSTRAINTS = """
SELECT t.relname, a.attname FROM pg_constraint c
  JOIN pg_class t ON t.oid = c.conrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(c.conkey)
 WHERE c.contype = 'f' AND c.confrelid = 'base_roster_entity'::regclass
"""


def test_no_relation_is_undeclared_and_none_is_declared_that_is_not_there() -> None:
    assert undeclared() == set()
    declared = {Column(each.model, each.column) for each in relations()}
    assert declared <= set(merging_relations.columns_of_entities())


@pytest.mark.django_db
def test_every_foreign_key_of_the_database_is_declared() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS)
        found = set(cursor.fetchall())
    assert found == {(each.table, each.column) for each in relations() if each.fate is not Fate.FROZEN}


@pytest.mark.parametrize("kind", ["foreign key", "one to one", "bare number", "bare numbers"])
def test_a_new_column_that_nobody_declares_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    relations()  # the declared ones are known before
    with isolate_apps():

        class Planted(models.Model):
            class Meta:
                app_label = "planted"

        fields = {
            "foreign key": ("entity", models.ForeignKey(Entity, models.CASCADE, related_name="+")),
            "one to one": ("twin", models.OneToOneField(Entity, models.CASCADE, related_name="+")),
            "bare number": ("old_entity_id", models.BigIntegerField()),
            "bare numbers": ("entity_ids", ArrayField(models.BigIntegerField())),
        }
        name, field = fields[kind]
        field.contribute_to_class(Planted, name)
        monkeypatch.setattr(merging_relations, "apps", SimpleNamespace(get_models=lambda **_: [Planted]))
        assert undeclared() == {Column("planted.Planted", field.attname)}


def test_what_is_frozen_says_why() -> None:
    frozen = [each for each in relations() if each.fate is Fate.FROZEN]
    assert {each.model for each in frozen} == {
        "indicators.EntityState", "indicators.OrganizationState", "registrations.Anchor",
    }  # fmt: skip
    assert all("快照" in each.effect for each in frozen if each.model.startswith("indicators."))


def test_a_relation_that_refuses_stops_the_merge(small_city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = small_city.actor(Role.CLERK, place=small_city.city)
    refusing = EntityRelation(
        model="base_roster.EntitySource", column="entity_id", fate=Fate.REFUSE, zh="来源单位", effect="",
        named=lambda row: f"来源 {row['rule']}",
    )  # fmt: skip
    with acting(clerk):
        twins = same_firm(small_city, clerk)
        for module in ("merging_plan", "merging_pictures"):
            monkeypatch.setattr(f"jingwei.base_roster.{module}.live_relations", lambda: [refusing])
        with pytest.raises(Refused, match="来源 code_exact属于并入主体"):
            merging.merge(kept=twins.kept, gone=twins.gone, by=clerk, on=NOW, reason="同一家")


def test_a_plan_without_rows_does_nothing() -> None:
    plan = plan_of({}, 1, 2)
    assert [plan.removed, plan.repointed, plan.emptied, plan.conflicts, plan.refusals] == [{}, {}, {}, [], []]
