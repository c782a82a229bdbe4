"""The one list: entities, the facts about them, and the answers people gave."""

from typing import Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from jingwei.accounts.models import User
from jingwei.base_roster.kept_models import EntityCount, RosterBasis
from jingwei.base_roster.merging_models import Merge, MergeStep
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.places.models import Place
from jingwei.rosters.models import LIST_CHOICES, SourceRecord, SourceUnit

__all__ = [
    "Entity",
    "EntityCount",
    "EntityQuerySet",
    "EntitySource",
    "Fact",
    "Identifier",
    "Merge",
    "MergeStep",
    "OwnershipAnswer",
    "Placement",
    "RosterBasis",
    "RosterVersion",
    "SavedView",
    "Succession",
]


class EntityQuerySet(models.QuerySet["Entity"]):
    def in_scope(self, actor: Actor) -> Self:
        """First lock of two, on the grants' own level so that one index serves it."""
        if actor.everything:
            return self
        return self.filter(
            Q(county_id__in=actor.county_ids)
            | Q(town_id__in=actor.town_ids)
            | Q(overlay_id__in=actor.place_ids)
            | Q(place_id__in=actor.other_place_ids)
            | Q(body_id__in=actor.body_ids)
            | Q(industry_body_id__in=actor.body_ids)
        )


class Entity(models.Model):
    """One legal entity of the base roster.

    Its identity is the surrogate id. The columns below are a projection of facts and verdicts,
    kept for lists and filters; ``rebuild`` computes them again and a nightly check compares.
    ``as_of`` is the day since when all that is known of it has been as it is: the newest change, not the
    newest list that repeats it.
    ``covered_as`` and ``coverage_state`` are decided above, by the app ``coverage``, which rebuilds
    and checks them; a founded entity begins as 待摸排.
    """

    class Roster(models.TextChoices):
        ENTERPRISE = "enterprise", "企业名册"
        SOCIAL = "social", "社会组织名册"
        SMALL = "small", "小个专名册"
        OTHER = "other", "其他"

    class Ownership(models.TextChoices):
        NON_PUBLIC = "non_public", "非公"
        PUBLIC = "public", "公有"
        UNKNOWN = "unknown", "未知"

    class Screening(models.TextChoices):
        IN = "in", "三有"
        OUT = "out", "不符合"
        UNKNOWN = "unknown", "待判"

    class CoveredAs(models.TextChoices):
        """The strongest form by which a Party organization or its work reaches the entity."""

        COMMITTEE = "committee", "单独党委"
        GENERAL_BRANCH = "general_branch", "单独党总支"
        BRANCH = "branch", "单独党支部"
        JOINT = "joint", "联合党支部"
        ATTACHED = "attached", "挂靠组建"
        FLOW = "flow", "流动党员党支部"
        TEMPORARY = "temporary", "临时党支部"
        FUNCTIONAL = "functional", "功能型党支部"
        INSTRUCTOR = "instructor", "党建指导员"
        LIAISON = "liaison", "党建联络员"
        MASS = "mass", "群团组织"
        NONE = "none", "无"

    class CoverageState(models.TextChoices):
        """What coverage asks of the entity now; the first that holds, in this order."""

        CLOSED = "closed", "不在营"
        SHOULD = "should", "应建未建"
        COVERED = "covered", "已组织覆盖"
        CANVASS = "canvass", "待摸排"
        FEW = "few", "有党员未组建"
        WORK = "work", "仅工作覆盖"
        BLANK = "blank", "无党员空白"

    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    roster = models.CharField("所在名册", max_length=12, choices=Roster)
    legal_form = models.CharField("法律形式", max_length=32)
    ownership = models.CharField("所有制", max_length=12, choices=Ownership)
    state = models.CharField("登记状态", max_length=24)
    operating = models.BooleanField("在营", default=True)
    screening = models.CharField("三有初筛", max_length=8, choices=Screening)
    counts_in_base = models.BooleanField("计入底数", default=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="落点")
    county = models.ForeignKey(Place, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="区县")
    town = models.ForeignKey(Place, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="镇街")
    overlay = models.ForeignKey(
        Place, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="园区楼宇"
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="经办单位")
    industry_body = models.ForeignKey(
        Body, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="行业党委"
    )
    industry_code = models.CharField("行业代码", max_length=6, blank=True)
    staff = models.IntegerField("职工数", null=True)
    full_members = models.IntegerField("正式党员", null=True)
    probationary_members = models.IntegerField("预备党员", null=True)
    covered_as = models.CharField("覆盖形式", max_length=16, choices=CoveredAs, default="none", db_default="none")
    coverage_state = models.CharField(
        "覆盖状态", max_length=8, choices=CoverageState, default="canvass", db_default="canvass"
    )
    sources = models.IntegerField("来源", default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="sites", verbose_name="所属法人"
    )
    parent_name = models.CharField("上级单位名称", max_length=200, blank=True)
    founded_on = models.DateField("成立日期", null=True)
    road = models.CharField("道路", max_length=60, blank=True)
    road_number = models.IntegerField("门牌号", null=True)
    search_name = models.CharField("检索名", max_length=200, blank=True, editable=False)
    bigrams = ArrayField(models.CharField(max_length=2), verbose_name="检索键", default=list, editable=False)
    pinyin = models.CharField("拼音", max_length=120, blank=True, editable=False)
    initials = models.CharField("拼音首字母", max_length=60, blank=True, editable=False)
    as_of = models.DateField("数据日期")
    rulebook_version = models.CharField("规则版本", max_length=20)
    computed_at = models.DateTimeField("计算时间")

    objects = EntityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "主体"
        constraints = [
            models.CheckConstraint(name="entity_town_has_county", condition=Q(town=None) | Q(county__isnull=False)),
            models.CheckConstraint(
                name="entity_members_not_negative",
                condition=Q(full_members__isnull=True) | Q(full_members__gte=0),
            ),
        ]
        # A county's or committee's own rows come first in its lists; rows that reach it another way are
        # few and found by body or overlay with a county outside. Rare combinations of filters go by
        # entity_filter. Foreign keys have no index of their own: these begin with them.
        indexes = [
            models.Index(fields=["uscc"], name="entity_uscc", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["roster", "-as_of", "-id"], name="entity_roster"),
            models.Index(fields=["county", "roster", "-as_of", "-id"], name="entity_county"),
            models.Index(fields=["town", "roster", "-as_of", "-id"], name="entity_town"),
            models.Index(
                fields=["roster", "county", "screening", "ownership", "state", "industry_code", "staff"],
                name="entity_filter",
            ),
            models.Index(fields=["place"], name="entity_place"),
            models.Index(fields=["overlay", "county"], name="entity_overlay", condition=Q(overlay__isnull=False)),
            models.Index(
                fields=["industry_body", "roster", "-as_of", "-id"],
                name="entity_industry_body",
                condition=Q(industry_body__isnull=False),
            ),
            models.Index(
                fields=["coverage_state", "county", "town"],
                name="entity_coverage",
                condition=~Q(coverage_state="canvass"),
            ),
            models.Index(
                fields=["full_members", "county", "town"],
                name="entity_members",
                condition=Q(full_members__gt=0),
            ),
            models.Index(
                fields=["covered_as", "county", "town"],
                name="entity_covered_as",
                condition=~Q(covered_as="none"),
            ),
            models.Index(fields=["body", "county"], name="entity_body", condition=Q(body__isnull=False)),
            models.Index(fields=["parent"], name="entity_parent", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["county", "road"],
                name="entity_unplaced_road",
                include=["road_number", "overlay", "place", "body", "industry_body"],
                condition=Q(town__isnull=True, overlay__isnull=True, operating=True),
            ),
            GinIndex(fields=["bigrams"], name="entity_bigrams", fastupdate=False),
            GinIndex(fields=["initials"], name="entity_initials", opclasses=["gin_trgm_ops"], fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """The number people quote, for instance E-0018342."""
        return f"E-{self.pk:07d}"


class EntitySource(models.Model):
    """Which source units speak of the entity, and by which rule they were tied to it.

    ``read_record`` is what the entity's columns were last computed from, and ``read_age`` where the
    unit's day stood among those of the entity's other units (1 is the oldest): a build computes the
    entities of which either is another now.
    """

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="source_links", verbose_name="主体")
    unit = models.OneToOneField(SourceUnit, models.PROTECT, related_name="entity_link", verbose_name="来源单位")
    rule = models.CharField("依据", max_length=24)
    score = models.FloatField("得分")
    approved_by = models.CharField("批准人", max_length=80)
    approved_at = models.DateTimeField("批准时间")
    read_record = models.ForeignKey(
        SourceRecord, models.PROTECT, null=True, related_name="+", verbose_name="已采用记录", db_index=False
    )
    read_age = models.SmallIntegerField("已采用记录的新旧次序", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "主体来源"

    def __str__(self) -> str:
        return f"{self.entity_id} ← {self.unit_id}"


class Identifier(models.Model):
    """A code, number or name of the entity, with the days on which it was valid as far as known."""

    class Kind(models.TextChoices):
        USCC = "uscc", "统一社会信用代码"
        REGISTRATION = "registration", "原注册号（15 位）"
        TAX = "tax", "原纳税人识别号"
        NAME = "name", "名称"
        FORMER_NAME = "former_name", "曾用名"

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="identifiers", verbose_name="主体")
    kind = models.CharField("类型", max_length=14, choices=Kind)
    value = models.CharField("值", max_length=200)
    valid = DateRangeField("有效期", null=True)
    list_kind = models.CharField("来源", max_length=24, choices=LIST_CHOICES)
    as_of = models.DateField("数据日期")

    class Meta:
        verbose_name = verbose_name_plural = "标识"
        constraints = [models.UniqueConstraint(fields=["entity", "kind", "value"], name="identifier_once")]
        indexes = [models.Index(fields=["value"], name="identifier_value")]

    def __str__(self) -> str:
        return self.value


class Fact(models.Model):
    """What one source says about the entity on a date. Never changed: a newer date is a new row.

    A correction by a clerk is a fact of the list ``MANUAL``; one with an empty value withdraws the
    correction before it.
    """

    MANUAL = "manual"

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="facts", verbose_name="主体")
    kind = models.CharField("项目", max_length=24)
    value = models.CharField("值", max_length=400)
    list_kind = models.CharField("来源", max_length=24)
    as_of = models.DateField("日期")
    record = models.ForeignKey(SourceRecord, models.PROTECT, null=True, related_name="+", verbose_name="来源记录")
    stated_by = models.CharField("填报人", max_length=80, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "事实"
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "kind", "list_kind", "as_of", "record"],
                name="fact_once",
                nulls_distinct=False,
                condition=~Q(list_kind="manual"),
            ),
            models.CheckConstraint(
                name="fact_of_a_person_has_name_and_reason",
                condition=~Q(list_kind="manual") | (~Q(stated_by="") & ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "kind"], name="fact_corrections", condition=Q(list_kind="manual")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}={self.value}"


class Placement(models.Model):
    """Where the entity was placed, by which method and on what evidence."""

    entity = models.OneToOneField(Entity, models.CASCADE, related_name="placement", verbose_name="主体")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="落点")
    method = models.CharField("方法", max_length=20)
    precision = models.CharField("精度", max_length=20)
    evidence = models.CharField("依据", max_length=300, blank=True)
    disagreement = models.CharField("不一致", max_length=300, blank=True)
    decided_by = models.CharField("确定人", max_length=80, blank=True)
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "落点"
        indexes = [models.Index(fields=["entity"], name="placement_disagreement", condition=~Q(disagreement=""))]

    def __str__(self) -> str:
        return f"{self.entity_id} → {self.place_id}"


class Succession(models.Model):
    """A later entity that continues an earlier one: re-registration, conversion of a sole trader."""

    class Kind(models.TextChoices):
        RE_REGISTRATION = "re_registration", "注销后重新登记"
        CONVERSION = "conversion", "个转企"

    earlier = models.ForeignKey(Entity, models.CASCADE, related_name="successors", verbose_name="原主体")
    later = models.ForeignKey(Entity, models.CASCADE, related_name="predecessors", verbose_name="新主体")
    kind = models.CharField("类型", max_length=20, choices=Kind)
    since = models.DateField("日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "承继"
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="succession_once"),
            models.CheckConstraint(name="succession_not_itself", condition=~Q(earlier=models.F("later"))),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.later_id}"


class OwnershipAnswer(models.Model):
    """A clerk's answer on the ownership of a parent; it settles all its branch offices at once."""

    parent_name = models.CharField("上级单位", max_length=200, unique=True)
    value = models.CharField("所有制", max_length=12, choices=Entity.Ownership)
    basis = models.CharField("依据", max_length=200)
    decided_by = models.CharField("认定人", max_length=80)
    decided_at = models.DateTimeField("认定时间")

    class Meta:
        verbose_name = verbose_name_plural = "所有制认定"

    def __str__(self) -> str:
        return f"{self.parent_name}: {self.get_value_display()}"


class SavedView(models.Model):
    """A filter of the roster list that a user named for himself."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name="用户")
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "我的视图"
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class RosterVersion(models.Model):
    """A frozen base roster: its number, its day, and a hash of the ids it holds."""

    number = models.IntegerField("版本号", unique=True)
    as_of = models.DateField("数据日期")
    entities = models.IntegerField("主体数")
    hash = models.CharField("校验值", max_length=64)
    frozen_at = models.DateTimeField("冻结时间")
    frozen_by = models.CharField("冻结人", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "基础名册版本"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"第 {self.number} 版"
