"""Party organizations of every form, and the entities each of them covers."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from jingwei.base_roster.models import Entity
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.places.models import Place
from jingwei.rosters.models import SourceUnit


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def in_scope(self, actor: Actor) -> Self:
        """First lock of two: by the place, the superior body or the office that keeps the list."""
        if actor.everything:
            return self
        return self.filter(
            Q(place_id__in=actor.place_ids) | Q(superior_id__in=actor.body_ids) | Q(body_id__in=actor.body_ids)
        )

    def active_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)


class Organization(models.Model):
    """One Party organization with its form, its superior and the days of its life."""

    class Form(models.TextChoices):
        INDEPENDENT = "independent", "单独组建"
        JOINT = "joint", "联合组建"
        ATTACHED = "attached", "挂靠组建"
        FUNCTIONAL = "functional", "功能型"
        TEMPORARY = "temporary", "临时"
        FLOW = "flow", "流动党员"
        UNKNOWN = "unknown", "形式未知"

    class Level(models.TextChoices):
        COMMITTEE = "committee", "党委"
        GENERAL_BRANCH = "general_branch", "党总支"
        BRANCH = "branch", "党支部"
        GROUP = "group", "党小组"

    name = models.CharField("名称", max_length=200)
    form = models.CharField("组建方式", max_length=12, choices=Form)
    form_text = models.CharField("所写组建方式", max_length=40, blank=True)
    level = models.CharField("类别", max_length=16, choices=Level)
    superior = models.ForeignKey(
        Body, models.PROTECT, null=True, related_name="organizations", verbose_name="上级党组织"
    )
    superior_text = models.CharField("所写上级", max_length=200, blank=True)
    founded_on = models.DateField("成立日期", null=True)
    valid = DateRangeField("存续期")
    unit = models.OneToOneField(
        SourceUnit, models.PROTECT, null=True, related_name="organization", verbose_name="来源单位"
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="所在区域")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name="经办单位")
    as_of = models.DateField("数据日期")
    recorded_at = models.DateTimeField("记录时间")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        indexes = [
            models.Index(fields=["form", "level"], name="organization_form"),
            models.Index(fields=["founded_on"], name="organization_founded"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganizationPeriod(models.Model):
    """What an organization was from one list's day to another's; the open one is what it is now.

    ``Organization`` holds the present for lists and filters; here nothing is overwritten, so a change of
    form, level or superior, a dissolution and a return are all seen later.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="periods", verbose_name="党组织")
    form = models.CharField("组建方式", max_length=12, choices=Organization.Form)
    level = models.CharField("类别", max_length=16, choices=Organization.Level)
    superior = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name="上级党组织")
    superior_text = models.CharField("所写上级", max_length=200, blank=True)
    valid = DateRangeField("有效期")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "党组织沿革"
        constraints = [
            ExclusionConstraint(
                name="organization_period_one_a_day",
                expressions=[("organization", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.get_form_display()}"


class CoveredUnit(models.Model):
    """An entity that an organization covers, with the days; without an entity a name nobody could match.

    ``spelt`` is how the list names it, ``rule`` and ``score`` why it was taken for the entity.
    ``waits`` marks a match that a person has still to confirm: it covers nobody until then.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="covered", verbose_name="党组织")
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="coverings", verbose_name="主体")
    spelt = models.CharField("所写名称", max_length=200)
    rule = models.CharField("依据", max_length=24, blank=True)
    score = models.FloatField("得分", default=0)
    waits = models.BooleanField("待核", default=False)
    valid = DateRangeField("覆盖期")
    recorded_at = models.DateTimeField("记录时间")
    decided_by = models.CharField("确定人", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "覆盖单位"
        constraints = [
            ExclusionConstraint(
                name="covered_unit_once_a_day",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("spelt", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["entity"], name="covered_unit_entity_now", condition=Q(valid__endswith__isnull=True)),
            models.Index(fields=["waits"], name="covered_unit_waits", condition=Q(waits=True) | Q(entity=None)),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} → {self.entity_id or self.spelt}"
