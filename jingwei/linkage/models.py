"""Linkage runs, what they propose, what a named person approved, and what people judge one by one."""

from typing import Self

from django.db import models
from django.db.models import Q

from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.linkage.review_models import CandidatePair, Decision, QualitySample, SampledPair
from jingwei.places.models import Place
from jingwei.rosters.models import SourceUnit

__all__ = [
    "CandidatePair",
    "Decision",
    "LinkRun",
    "LinkRunQuerySet",
    "ProposedLink",
    "QualitySample",
    "SampledPair",
]


class LinkRunQuerySet(models.QuerySet["LinkRun"]):
    def in_scope(self, actor: Actor) -> Self:
        """First lock of two: the application's own filter."""
        if actor.everything:
            return self
        return self.filter(Q(place_id__in=actor.place_ids) | Q(body_id__in=actor.body_ids))

    def in_force(self, actor: Actor) -> "LinkRun | None":
        """The newest run in scope that waits for approval or has it: the one whose pairs are judged."""
        return self.in_scope(actor).in_force_first().first()

    def in_force_first(self) -> Self:
        """Runs that wait for approval or have it, newest first."""
        return self.filter(state__in=(LinkRun.State.PROPOSED, LinkRun.State.APPROVED)).order_by("-pk")


class LinkRun(models.Model):
    """One matching of all current source units.

    ``combinations`` counts its links by ground and by which fields agreed, ``changes`` compares it with
    the run before; both are computed once, when the run is stored.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        SUPERSEDED = "superseded", "已被替代"

    version = models.CharField("规则版本", max_length=20)
    as_of = models.DateField("数据日期")
    state = models.CharField("状态", max_length=12, choices=State, default=State.PROPOSED)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="范围")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name="经办单位")
    counts = models.JSONField("各类数量", default=dict)
    combinations = models.JSONField("证据组合", default=list)
    changes = models.JSONField("与上次相比", default=dict)
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("经办人", max_length=80)
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by = models.CharField("批准人", max_length=80, blank=True)
    took_effect_at = models.DateTimeField("生效时间", null=True)
    effect = models.JSONField("生效结果", default=dict)

    objects = LinkRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "对碰"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="link_run_approved_by_somebody",
                condition=~Q(state="approved") | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.get_state_display()}"


class ProposedLink(models.Model):
    """A source unit's place in a run: its cluster, by which rule, and whether a person must look.

    ``part`` is 0 for the unit itself; of a Party organization's row the units it covers are counted
    from 1, in the order in which the row names them, and ``spelt`` keeps how it names each.
    """

    run = models.ForeignKey(LinkRun, models.CASCADE, related_name="links", verbose_name="对碰")
    unit = models.ForeignKey(SourceUnit, models.PROTECT, related_name="+", verbose_name="来源单位")
    part = models.IntegerField("覆盖单位序号", default=0, db_default=0)
    spelt = models.CharField("所写名称", max_length=200, blank=True, default="", db_default="")
    cluster = models.IntegerField("簇号", null=True)
    rule = models.CharField("依据", max_length=24)
    score = models.FloatField("得分")
    needs_review = models.BooleanField("待核", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "对碰结果"
        constraints = [models.UniqueConstraint(fields=["run", "unit", "part"], name="proposed_link_unit_once")]
        indexes = [models.Index(fields=["run", "rule"], name="proposed_link_rule")]

    def __str__(self) -> str:
        return f"{self.unit_id} → {self.cluster}"
