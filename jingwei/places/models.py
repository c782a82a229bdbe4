"""One administrative tree with internal ids and dated codes; parks and the like lie over it."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class LtreeField(models.Field):  # type: ignore[type-arg]
    """A path of immutable place ids, for subtree look-ups by index. A trigger computes it."""

    db_returning = True  # the instance learns on insert what the trigger made

    def db_type(self, connection: Any) -> str:
        return "ltree"


@LtreeField.register_lookup
class Within(models.Lookup):
    """``path__within``: the path itself and everything below it."""

    lookup_name = "within"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} <@ {right}::ltree", (*left_params, *right_params)


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, place: "Place") -> Self:
        """The place itself and everything below it, overlays included."""
        return self.filter(path__within=place.path)

    def administrative(self) -> Self:
        return self.filter(kind__in=Place.ADMINISTRATIVE)

    def overlays(self) -> Self:
        return self.filter(kind__in=Place.OVERLAYS)

    def active_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)


class Place(models.Model):
    """A place of the tree, or an overlay (park, building, market, district) hung under its county."""

    class Kind(models.TextChoices):
        CITY = "city", "市"
        COUNTY = "county", "区县"
        TOWN = "town", "镇街"
        COMMUNITY = "community", "村（社区）"
        PARK = "park", "园区"
        BUILDING = "building", "楼宇"
        MARKET = "market", "市场"
        BUSINESS_DISTRICT = "business_district", "商圈"

    ADMINISTRATIVE = (Kind.CITY, Kind.COUNTY, Kind.TOWN, Kind.COMMUNITY)
    OVERLAYS = (Kind.PARK, Kind.BUILDING, Kind.MARKET, Kind.BUSINESS_DISTRICT)

    id = models.AutoField(primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级")
    kind = models.CharField("类型", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=40, blank=True)
    path = LtreeField("路径", editable=False, default="")
    takes_responsibility = models.BooleanField("承担管理责任", default=False)
    position = models.IntegerField("行政次序", default=0)
    boundary = models.JSONField("边界", null=True, blank=True)
    valid = DateRangeField("有效期")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="place_city_and_only_city_is_root",
                condition=Q(parent__isnull=True, kind="city") | (Q(parent__isnull=False) & ~Q(kind="city")),
            ),
            models.UniqueConstraint(name="place_one_city", fields=["kind"], condition=Q(kind="city")),
        ]
        indexes = [models.Index(fields=["kind"], name="place_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_overlay(self) -> bool:
        return self.kind not in self.ADMINISTRATIVE


class PlaceCode(models.Model):
    """A code that named a place for a time: division code, abolished code or zone code."""

    class System(models.TextChoices):
        DIVISION = "division", "区划代码"
        ABOLISHED = "abolished", "已撤销代码"
        ZONE = "zone", "开发区代码"
        OVERLAY = "overlay", "载体编号"

    place = models.ForeignKey(Place, models.CASCADE, related_name="codes", verbose_name="区划")
    system = models.CharField("代码类型", max_length=12, choices=System, default=System.DIVISION)
    code = models.CharField("代码", max_length=12)
    valid = DateRangeField("有效期")

    class Meta:
        verbose_name = verbose_name_plural = "区划代码"
        constraints = [
            ExclusionConstraint(
                name="place_code_one_division_at_a_time",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(system="division"),
            ),
            # An abolished district may have gone to several places; each has its code once.
            ExclusionConstraint(
                name="place_code_once_a_place",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["code"], name="place_code")]

    def __str__(self) -> str:
        return self.code


class PlaceAlias(models.Model):
    """Another name of a place for a time: an abolished district, a zone, a common short form."""

    class Kind(models.TextChoices):
        ABOLISHED = "abolished", "已撤销名称"
        ZONE = "zone", "功能区名称"
        COMMON = "common", "通称"

    place = models.ForeignKey(Place, models.CASCADE, related_name="aliases", verbose_name="区划")
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.COMMON)
    name = models.CharField("名称", max_length=60)
    valid = DateRangeField("有效期")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "区划别名"
        indexes = [models.Index(fields=["name"], name="place_alias_name")]

    def __str__(self) -> str:
        return self.name


class OverlayMembership(models.Model):
    """An overlay lies (partly) in an administrative place for a time."""

    overlay = models.ForeignKey(Place, models.CASCADE, related_name="memberships", verbose_name="载体")
    place = models.ForeignKey(Place, models.CASCADE, related_name="overlay_memberships", verbose_name="区划")
    valid = DateRangeField("有效期")

    class Meta:
        verbose_name = verbose_name_plural = "载体所在区划"
        constraints = [
            ExclusionConstraint(
                name="overlay_membership_once_at_a_time",
                expressions=[
                    ("overlay", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.overlay} / {self.place}"


def one_answer_a_number(parity: str) -> ExclusionConstraint:
    """No house number of this parity has two answers; "all" counts for both parities."""
    return ExclusionConstraint(
        name=f"road_range_one_answer_{parity}",
        expressions=[
            ("county", RangeOperators.EQUAL),
            ("road", RangeOperators.EQUAL),
            (
                Func(F("number_from"), F("number_to"), models.Value("[]"), function="int4range"),
                RangeOperators.OVERLAPS,
            ),
        ],
        condition=Q(parity__in=["all", parity]),
    )


class RoadRange(models.Model):
    """House numbers of a road that lie in one place: the answer to a placement question."""

    class Parity(models.TextChoices):
        ALL = "all", "全部"
        ODD = "odd", "单号"
        EVEN = "even", "双号"

    county = models.ForeignKey(Place, models.PROTECT, related_name="roads", verbose_name="区县")
    road = models.CharField("道路", max_length=60)
    number_from = models.IntegerField("起号", null=True, blank=True)
    number_to = models.IntegerField("止号", null=True, blank=True)
    parity = models.CharField("单双号", max_length=4, choices=Parity, default=Parity.ALL)
    place = models.ForeignKey(Place, models.PROTECT, related_name="road_ranges", verbose_name="所属")
    decided_by = models.CharField("确定人", max_length=80)
    decided_on = models.DateField("确定日期")
    source = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "路段门牌"
        constraints = [
            models.CheckConstraint(
                name="road_range_ascends",
                condition=Q(number_from__isnull=True, number_to__isnull=True) | Q(number_to__gte=F("number_from")),
            ),
            *(one_answer_a_number(parity) for parity in ("odd", "even")),
        ]

    def __str__(self) -> str:
        return f"{self.road} {self.number_from or ''}–{self.number_to or ''}"


class PlaceChange(models.Model):
    """One change in a place's life: what it was, what it became, from which day, on what basis."""

    class Kind(models.TextChoices):
        RENAME = "rename", "更名"
        MOVE = "move", "调整隶属"
        RECODE = "recode", "变更代码"
        ABOLISH = "abolish", "撤销"

    place = models.ForeignKey(Place, models.CASCADE, related_name="changes", verbose_name="区划")
    kind = models.CharField("类型", max_length=8, choices=Kind)
    effective = models.DateField("生效日期")
    before = models.CharField("变更前", max_length=80, blank=True)
    after = models.CharField("变更后", max_length=80, blank=True)
    old_parent = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="原上级")
    new_parent = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="新上级")
    basis = models.CharField("依据", max_length=120, blank=True)
    recorded_by = models.CharField("登记人", max_length=80)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "区划变更"
        ordering = ["-effective", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.before} → {self.after}"


class GazetteerStamp(models.Model):
    """One row whose stamp changes with every change of this app's tables, in the same transaction.

    A process that keeps the gazetteer in memory compares stamps; triggers write it.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField("版本戳")

    class Meta:
        verbose_name = verbose_name_plural = "区划版本"

    def __str__(self) -> str:
        return str(self.stamp)
