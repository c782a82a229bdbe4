"""Tables that can be made anew from the others: what the roster was computed under, and its kept counts."""

from django.db import models
from django.db.models import Q


class RosterBasis(models.Model):
    """Under what the whole roster was last computed; while it holds, a build computes only what changed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    day = models.DateField("规则与区划日期")
    rulebook_version = models.CharField("规则版本", max_length=20)
    gazetteer = models.UUIDField("区划版本")
    committees = models.CharField("行业党委分工校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "名册计算依据"

    def __str__(self) -> str:
        return f"{self.day} {self.rulebook_version}"


class EntityCount(models.Model):
    """How many entities lie in one cell of the list's chief dimensions, kept for totals of lists and pages.

    A trigger on the entities adds a row for every change, so that the sum of ``entities`` over a cell is
    exact in each transaction; ``compact`` joins the rows of a cell, ``recount`` makes them anew.
    """

    county_id = models.IntegerField("区县", null=True)
    town_id = models.IntegerField("镇街", null=True)
    in_community = models.BooleanField("村（社区）")
    overlay_id = models.IntegerField("园区楼宇", null=True)
    body_id = models.IntegerField("经办单位", null=True)
    industry_body_id = models.IntegerField("行业党委", null=True)
    roster = models.CharField("所在名册", max_length=12)
    ownership = models.CharField("所有制", max_length=12)
    screening = models.CharField("三有初筛", max_length=8)
    operating = models.BooleanField("在营")
    counts_in_base = models.BooleanField("计入底数")
    confirmed = models.BooleanField("三源印证")
    entities = models.IntegerField("主体数")

    class Meta:
        verbose_name = verbose_name_plural = "主体数"
        indexes = [
            models.Index(fields=["county_id"], name="entity_count_county"),
            models.Index(fields=["town_id"], name="entity_count_town"),
            models.Index(fields=["overlay_id"], name="entity_count_overlay", condition=Q(overlay_id__isnull=False)),
            models.Index(fields=["body_id", "county_id"], name="entity_count_body"),
            models.Index(fields=["industry_body_id"], name="entity_count_industry"),
        ]

    def __str__(self) -> str:
        return f"{self.roster}: {self.entities}"
