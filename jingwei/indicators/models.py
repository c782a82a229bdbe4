"""Published months, the figures in them, the rows behind the figures, and what was aimed at."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jingwei.places.models import Place


class Snapshot(models.Model):
    """A published state of all figures. Never changed; a correction is a new snapshot of the month with its reason."""

    number = models.CharField("快照号", max_length=16, unique=True)
    month = models.DateField("月份")
    as_of = models.DateField("截至日期")
    revision = models.IntegerField("修订", default=1)
    reason = models.CharField("修订原因", max_length=200, blank=True)
    definitions = models.CharField("口径版本", max_length=20)
    rulebook_version = models.CharField("规则版本", max_length=20)
    entities = models.IntegerField("主体数")
    hash = models.CharField("校验值", max_length=64)
    taken_at = models.DateTimeField("生成时间")
    taken_by = models.CharField("生成人", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "快照"
        ordering = ["-month", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["month", "revision"], name="snapshot_revision_once"),
            models.CheckConstraint(name="snapshot_revision_has_reason", condition=Q(revision=1) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.number


class Figure(models.Model):
    """One value of a snapshot: an indicator in one cell of one cut.

    ``cut`` and ``member`` are those of the domain: member is an id or a code, empty for the total and for rows
    of which it is not known. ``beside`` counts what is not known, by label. ``rows`` is the sha256 of the sorted ids
    counted in the numerator, joined by commas, a line break, and those of the denominator.
    """

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="figures", verbose_name="快照")
    indicator = models.CharField("指标", max_length=24)
    cut = models.CharField("分组", max_length=16)
    member = models.CharField("组", max_length=40, blank=True)
    numerator = models.DecimalField("分子", max_digits=18, decimal_places=2, null=True)
    denominator = models.DecimalField("分母", max_digits=18, decimal_places=2, null=True)
    value = models.DecimalField("值", max_digits=18, decimal_places=6, null=True)
    beside = models.JSONField("另列未知", default=dict)
    missing = models.CharField("缺少的事实", max_length=200, blank=True)
    rows = models.CharField("行集校验", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "数值"
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "indicator", "cut", "member"], name="figure_once"),
        ]
        indexes = [models.Index(fields=["indicator", "cut", "member"], name="figure_series")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.cut} {self.member}"


class EntityState(models.Model):
    """What was true of an entity in a run of snapshots, kept once as long as nothing changed.

    It stands in snapshot n when ``first`` <= n and ``last`` is empty or >= n (snapshot primary keys). The
    columns are those of the live population, so that one formula counts both.
    """

    entity_id = models.BigIntegerField("主体")
    first = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name="起")
    last = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+", verbose_name="止")
    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    roster = models.CharField("所在名册", max_length=12)
    legal_form = models.CharField("法律形式", max_length=32)
    ownership = models.CharField("所有制", max_length=12)
    state = models.CharField("登记状态", max_length=24)
    operating = models.BooleanField("在营")
    screening = models.CharField("三有初筛", max_length=8)
    counts_in_base = models.BooleanField("计入底数")
    place_id = models.IntegerField("落点", null=True)
    county_id = models.IntegerField("区县", null=True)
    town_id = models.IntegerField("镇街", null=True)
    overlay_id = models.IntegerField("园区楼宇", null=True)
    area_id = models.IntegerField("镇街、园区", null=True)
    body_id = models.IntegerField("经办单位", null=True)
    industry_body_id = models.IntegerField("行业党委", null=True)
    industry_code = models.CharField("行业代码", max_length=6, blank=True)
    staff = models.IntegerField("职工数", null=True)
    full_members = models.IntegerField("正式党员", null=True)
    probationary_members = models.IntegerField("预备党员", null=True)
    sources = models.IntegerField("来源")
    founded_on = models.DateField("成立日期", null=True)
    covered_as = models.CharField("覆盖形式", max_length=16)
    coverage_state = models.CharField("覆盖状态", max_length=8)
    fingerprint = models.BigIntegerField("指纹")

    class Meta:
        verbose_name = verbose_name_plural = "主体状态"
        constraints = [
            models.UniqueConstraint(fields=["entity_id", "first"], name="entity_state_once"),
            models.CheckConstraint(name="entity_state_in_order", condition=Q(last=None) | Q(last__gte=F("first"))),
        ]
        indexes = [
            models.Index(fields=["entity_id"], name="entity_state_now", condition=Q(last=None)),
            models.Index(fields=["town_id"], name="entity_state_town"),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.name}"


class OrganizationState(models.Model):
    """What was true of a Party organization in a run of snapshots, like ``EntityState``."""

    organization_id = models.BigIntegerField("党组织")
    first = models.ForeignKey(Snapshot, models.PROTECT, related_name="+", verbose_name="起")
    last = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+", verbose_name="止")
    name = models.CharField("名称", max_length=200)
    form = models.CharField("组建方式", max_length=12)
    level = models.CharField("类别", max_length=16)
    superior_id = models.IntegerField("上级党组织", null=True)
    place_id = models.IntegerField("所在区域", null=True)
    county_id = models.IntegerField("区县", null=True)
    town_id = models.IntegerField("镇街", null=True)
    area_id = models.IntegerField("镇街、园区", null=True)
    body_id = models.IntegerField("经办单位", null=True)
    founded_on = models.DateField("成立日期", null=True)
    ended_on = models.DateField("终止日期", null=True)
    units = models.IntegerField("覆盖单位数")
    entity_ids = ArrayField(models.BigIntegerField(), verbose_name="覆盖主体", default=list)
    fingerprint = models.BigIntegerField("指纹")

    class Meta:
        verbose_name = verbose_name_plural = "党组织状态"
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "first"], name="organization_state_once"),
        ]
        indexes = [
            models.Index(fields=["organization_id"], name="organization_state_now", condition=Q(last=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """What a city aims at: an indicator, a place, from a day on."""

    indicator = models.CharField("指标", max_length=24)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="区域")
    value = models.DecimalField("目标", max_digits=12, decimal_places=4)
    since = models.DateField("起始日期")
    source = models.CharField("依据", max_length=200)
    set_by = models.CharField("设定人", max_length=80)
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "place", "since"], name="target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} ≥ {self.value}"


class Confirmation(models.Model):
    """A town or park confirms what the system shows of it for a month; it files no report of its own."""

    month = models.DateField("月份")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="镇街、园区")
    confirmed_at = models.DateTimeField("确认时间")
    confirmed_by = models.CharField("确认人", max_length=80)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月度确认"
        constraints = [models.UniqueConstraint(fields=["month", "place"], name="confirmation_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.place_id}"


class Cell(models.Model):
    """How many live entities of a part of the city agree in a member of a cut and in all conditions of indicators.

    Kept so that live figures need not read the entities: a part whose entities changed is made anew. ``part`` is
    the town, the county with a minus sign where the town is not known, or 0. ``marks`` are the bits of the plan,
    ``amounts`` its numbers summed up; both hold for the stamp of the part.
    """

    part = models.IntegerField("分片")
    county_id = models.IntegerField("区县", null=True)
    town_id = models.IntegerField("镇街", null=True)
    cut = models.CharField("分组", max_length=16)
    member = models.CharField("组", max_length=40, blank=True)
    marks = ArrayField(models.BigIntegerField(), verbose_name="条件")
    amounts = ArrayField(models.BigIntegerField(), verbose_name="人数")
    entities = models.IntegerField("主体数")

    class Meta:
        verbose_name = verbose_name_plural = "实时数值"
        indexes = [
            models.Index(fields=["part"], name="cell_part"),
            models.Index(fields=["cut", "county_id"], name="cell_cut"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.cut} {self.member}: {self.entities}"


class CellPart(models.Model):
    """For which plan the cells of a part of the city were made."""

    part = models.IntegerField("分片", primary_key=True)
    stamp = models.CharField("口径校验", max_length=16)
    made_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "实时数值分片"

    def __str__(self) -> str:
        return f"{self.part} {self.stamp}"


class StalePart(models.Model):
    """A part of the city with an entity that changed after its cells were made; a trigger writes it."""

    part = models.IntegerField("分片")

    class Meta:
        verbose_name = verbose_name_plural = "待更新分片"

    def __str__(self) -> str:
        return str(self.part)
