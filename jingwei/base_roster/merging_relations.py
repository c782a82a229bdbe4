"""What becomes of the rows that speak of an entity when it is taken up in another one.

Every app declares its own relations in its module ``entity_relations``, which is found by name, so that this
app knows none of those above it. A test fails for a relation that nobody has declared.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, IntegerField, Model
from django.utils.module_loading import autodiscover_modules

from jingwei.base_roster.models import Entity

Values = Mapping[str, Any]
MODULE = "entity_relations"


class Fate(StrEnum):
    """What a merge does with the rows of the entity that goes.

    ``REPOINT``: they speak of the kept entity from then on. ``REMAKE``: they are computed from facts; those of
    the entity that goes are removed, or let go, and made again. ``REFUSE``: where such a row exists there is no
    merge. ``FROZEN``: they are published and keep the number they were published with.
    """

    REPOINT = "repoint"
    REMAKE = "remake"
    REFUSE = "refuse"
    FROZEN = "frozen"


def every_row(_: Values) -> bool:
    return True


def no_row(_: Values) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Yield:
    """A row of the entity that goes gives way where the kept entity has a row of equal ``columns``.

    Both must fulfil ``holds``. ``answer`` are the columns of what a person answered, where they are answers of
    persons: if these differ, the loss is a conflict that is shown before. The row that gives way is logged and
    comes back when the merge is undone.
    """

    columns: tuple[str, ...]
    holds: Callable[[Values], bool] = every_row
    answer: tuple[str, ...] = ()

    def answered(self, row: Values) -> tuple[Any, ...]:
        return tuple(row[column] for column in self.answer)

    def key(self, row: Values) -> tuple[Any, ...]:
        return tuple(row[column] for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRelation:
    """One column that speaks of entities.

    ``zh`` names the rows and ``effect`` says in Chinese what becomes of them. ``stronger`` is a row that its like
    on the kept entity gives way to, where that one is not of the kind. ``other_end`` is the column of the second
    entity of a relation between two.

    For undoing: ``is_said`` tells rows that a person or a list has stated from those that are computed and so may
    change at any time; ``computed`` are columns of a stated row that change by themselves. ``is_sticky`` are rows
    that, come to the kept entity after the merge, could belong to either and stay until a person changes them;
    the others the next build or list decides anew. ``by_unit`` rows come out of a source unit's records and go
    where the unit goes. ``named`` tells in Chinese which row it is.
    """

    model: str
    column: str
    fate: Fate
    zh: str
    effect: str
    yields: tuple[Yield, ...] = ()
    stronger: Callable[[Values], bool] | None = None
    other_end: str = ""
    computed: frozenset[str] = frozenset()
    is_said: Callable[[Values], bool] = every_row
    is_sticky: Callable[[Values], bool] = every_row
    by_unit: bool = False
    named: Callable[[Values], str] = field(default=lambda row: f"编号 {row.get('id', '')}")

    @property
    def table(self) -> str:
        return self._model._meta.db_table

    @property
    def key_column(self) -> str:
        """Column of the primary key."""
        return str(self._model._meta.pk.column)

    @property
    def has_rows_of_its_own(self) -> bool:
        """Whether the rows belong to the entity, and are not entities themselves."""
        return self._model is not Entity

    def rows_of(self, entity_id: int) -> list[Values]:
        """The rows that speak of the entity. One query."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {self.table} t WHERE t.{self.column} = %s",  # noqa: S608
                [entity_id],
            )
            return [json.loads(text) for (text,) in cursor.fetchall()]

    def lasting(self, row: Values) -> Values:
        """The row without columns that change by themselves; a computed row counts as a whole."""
        return {name: value for name, value in row.items() if name not in self.computed}

    @property
    def _model(self) -> type[Model]:
        return apps.get_model(self.model)


class Column(NamedTuple):
    """A column of a model that holds numbers of entities."""

    model: str
    column: str


@cache
def relations() -> tuple[EntityRelation, ...]:
    """The declared relations of all apps, in the order of the apps."""
    autodiscover_modules(MODULE)
    found: list[EntityRelation] = []
    for config in apps.get_app_configs():
        declared = getattr(config.module, MODULE, None)
        found += getattr(declared, "RELATIONS", ())
    return tuple(found)


def live_relations() -> list[EntityRelation]:
    """Those whose rows a merge touches or counts."""
    return [relation for relation in relations() if relation.fate is not Fate.FROZEN]


def columns_of_entities() -> Iterator[Column]:
    """Every column of any model that speaks of entities: foreign keys, one to one, many to many, bare numbers."""
    for model in apps.get_models(include_auto_created=True):
        for each in model._meta.local_fields:
            if each.related_model is Entity or _is_bare_number(each):
                yield Column(model._meta.label, each.attname)


def undeclared() -> set[Column]:
    """Columns that speak of entities and that nobody has declared; a merge would lose sight of their rows."""
    return set(columns_of_entities()) - {Column(relation.model, relation.column) for relation in relations()}


def _is_bare_number(each: "Field[Any, Any]") -> bool:
    """A column called after entities that holds numbers without a foreign key."""
    if each.related_model is not None:
        return False
    one = each.base_field if isinstance(each, ArrayField) else each
    wanted = "entity_ids" if isinstance(each, ArrayField) else "entity_id"
    return isinstance(one, IntegerField) and (each.attname == wanted or each.attname.endswith(f"_{wanted}"))
