"""Every office, committee and department, as a body that can act and answer."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models

from jingwei.places.models import Place


class BodyQuerySet(models.QuerySet["Body"]):
    def active_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)

    def industry_committees(self) -> Self:
        return self.filter(kind=Body.Kind.INDUSTRY_COMMITTEE)


class Body(models.Model):
    """One body with its kind, its place and the days of its life."""

    class Kind(models.TextChoices):
        PARTY_COMMITTEE = "party_committee", "地方党委"
        ORGANIZATION_DEPARTMENT = "organization_department", "组织部门"
        SOCIAL_WORK_DEPARTMENT = "social_work_department", "社会工作部门"
        WORK_COMMITTEE = "work_committee", "两新工委"
        INDUSTRY_COMMITTEE = "industry_committee", "行业党委"
        COMPREHENSIVE_COMMITTEE = "comprehensive_committee", "综合党委"
        AREA_COMMITTEE = "area_committee", "区域党委"
        DEPARTMENT = "department", "职能部门"
        PARK_ADMINISTRATION = "park_administration", "园区管理机构"
        COMMUNITY = "community", "村（社区）组织"
        MASS_ORGANIZATION = "mass_organization", "群团组织"

    id = models.AutoField(primary_key=True)
    kind = models.CharField("类型", max_length=28, choices=Kind)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="bodies", verbose_name="区域")
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates", verbose_name="上级"
    )
    industries = ArrayField(models.CharField(max_length=6), verbose_name="行业代码", default=list, blank=True)
    list_kinds = ArrayField(models.CharField(max_length=30), verbose_name="提供的名单", default=list, blank=True)
    valid = DateRangeField("存续期")
    note = models.CharField("说明", max_length=200, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["name", "place"], name="body_name_once_a_place", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name
