"""What coverage asks of each entity, why no organization is there, and letters that ask for one."""

from typing import Self

from django.db import models
from django.db.models import Q

from jingwei.base_roster.models import Entity
from jingwei.branches.models import Organization


class Verdict(models.Model):
    """The verdict on an entity that has a member or an organization, kept for lists.

    ``coverage.services.compute`` makes it from facts, together with the two columns of Entity; the page of an
    entity decides afresh and shows every reason. Entities without a row are 待摸排, 无党员 or not operating.
    """

    class Fit(models.TextChoices):
        """The form that fits by rule."""

        COMMITTEE = "committee", "单独建立党委"
        GENERAL_BRANCH = "general_branch", "单独建立党总支"
        BRANCH = "branch", "单独建立党支部"
        JOINT = "joint", "联合组建"
        ATTACHED = "attached", "挂靠组建"
        FUNCTIONAL = "functional", "派驻功能型党支部"
        INSTRUCTOR = "instructor", "选派党建指导员"
        FALLBACK = "fallback", "村（社区）兜底"
        CANVASS = "canvass", "待摸排"
        NONE = "none", "不要求"

    class Status(models.TextChoices):
        """没有党组织 as the yearly forms sort it; empty where there is an organization."""

        SHOULD = "should", "应建未建"
        UNMET = "unmet", "有党员但不符合条件"
        NO_MEMBER = "no_member", "无党员"
        INSTRUCTED = "instructed", "派驻指导员"
        UNKNOWN = "unknown", "党员数未知"

    entity = models.OneToOneField(Entity, models.CASCADE, primary_key=True, related_name="verdict", verbose_name="主体")
    fit = models.CharField("适用形式", max_length=16, choices=Fit)
    rule = models.CharField("规则", max_length=40)
    status = models.CharField("未建状态", max_length=12, choices=Status, blank=True)
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, related_name="+", verbose_name="所在党组织"
    )
    due_since = models.DateField("应建起算日", null=True)
    proposal = models.CharField("联建分组", max_length=40, blank=True)
    as_of = models.DateField("数据日期")
    rulebook_version = models.CharField("规则版本", max_length=20)
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "覆盖判定"
        indexes = [
            models.Index(fields=["due_since"], name="verdict_due", condition=Q(due_since__isnull=False)),
            models.Index(fields=["proposal"], name="verdict_proposal", condition=~Q(proposal="")),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id}: {self.get_fit_display()}"


class Cause(models.Model):
    """Why an entity has no organization, as somebody learned it. The newest answer stands."""

    class Kind(models.TextChoices):
        OWNER = "owner", "出资人或负责人不支持"
        SUPERIOR = "superior", "上级未及时指导"
        FOREIGN = "foreign", "外商投资企业"
        OTHER = "other", "其他"

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="causes", verbose_name="主体")
    kind = models.CharField("未建原因", max_length=12, choices=Kind)
    note = models.CharField("说明", max_length=200, blank=True)
    stated_on = models.DateField("日期")
    stated_by = models.CharField("填报人", max_length=80)
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "未建原因"
        ordering = ["-stated_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.entity_id}: {self.get_kind_display()}"


OPEN = Q(answer="", closed_on=None)


class NoticeLetterQuerySet(models.QuerySet["NoticeLetter"]):
    def open(self) -> Self:
        """Letters that wait for their answer."""
        return self.filter(OPEN)


class NoticeLetter(models.Model):
    """提示函: asks an entity to set up an organization, citing the article; its answer is recorded.

    A letter without an answer closes by itself on the day on which no organization is due any more, with the reason.
    """

    class Answer(models.TextChoices):
        AGREED = "agreed", "同意组建"
        LATER = "later", "暂缓，已说明"
        REFUSED = "refused", "不同意"
        WRONG_FACT = "wrong_fact", "党员数有误"

    class Closure(models.TextChoices):
        """Why nobody waits for the answer any more."""

        BUILT = "built", "已建立党组织"
        NOT_DUE = "not_due", "不再应建"
        CEASED = "ceased", "已停止经营"

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="letters", verbose_name="主体")
    number = models.CharField("文号", max_length=60, unique=True)
    rule = models.CharField("规则", max_length=40)
    facts = models.JSONField("所依事实")
    issued_on = models.DateField("发函日期")
    issued_by = models.CharField("发函人", max_length=80)
    reply_due_on = models.DateField("回复期限")
    answer = models.CharField("答复", max_length=12, choices=Answer, blank=True)
    answer_note = models.CharField("答复说明", max_length=200, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    answered_by = models.CharField("登记人", max_length=80, blank=True)
    closed_on = models.DateField("了结日期", null=True)
    closed_because = models.CharField("了结原因", max_length=12, choices=Closure, blank=True, default="", db_default="")

    objects = NoticeLetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提示函"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_answer_has_day",
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="letter_closing_has_reason",
                condition=Q(closed_because="", closed_on=None) | (~Q(closed_because="") & Q(closed_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number
