"""Registrations that come one at a time, and the keys by which the roster is searched for each of them."""

from typing import Self

from django.db import models
from django.db.models import Q

from jingwei.accounts.models import User
from jingwei.bodies.models import Body
from jingwei.core.permissions import Actor
from jingwei.places.models import Place
from jingwei.registrations.matching_models import Anchor, AnchorKey, MatchBasis, ValueCount
from jingwei.rosters.models import LIST_CHOICES, Batch

__all__ = ["Anchor", "AnchorKey", "MatchBasis", "Registration", "RegistrationQuerySet", "SystemToken", "ValueCount"]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def in_scope(self, actor: Actor) -> Self:
        """First lock of two: the application's own filter."""
        if actor.everything:
            return self
        return self.filter(Q(place_id__in=actor.place_ids) | Q(body_id__in=actor.body_ids))


class Registration(models.Model):
    """One unit as it was registered by a person or a department's system. What was said is never changed.

    It waits until a clerk hands it over to the ordinary intake as a row of a list (``batch``), or somebody
    withdraws it. ``values`` are the texts as typed, by canonical field, without the personal ones, which
    ``sealed`` holds. ``decision`` and ``basis`` say what the matching found then; the ground is
    not told of an entity elsewhere.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待入库"
        HANDED_OVER = "handed_over", "已转名单导入"
        WITHDRAWN = "withdrawn", "已撤回"

    class Decision(models.TextChoices):
        LIKELY_DUPLICATE = "likely_duplicate", "很可能已在名册"
        POSSIBLE = "possible", "可能已在名册"
        NONE = "none", "名册中没有"

    list_kind = models.CharField("按哪份名单登记", max_length=24, choices=LIST_CHOICES)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False, verbose_name="属地")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="登记单位")
    name = models.CharField("名称", max_length=200)
    uscc = models.CharField("有效代码", max_length=18, blank=True)
    values = models.JSONField("原值")
    sealed = models.BinaryField("密文")
    flags = models.JSONField("标记", default=list)
    decision = models.CharField("比对结论", max_length=16, choices=Decision)
    basis = models.CharField("依据", max_length=24, blank=True)
    candidates = models.JSONField("当时的候选", default=list)
    distinct_reason = models.CharField("确认不是同一主体的理由", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    key = models.CharField("防重键", max_length=80)
    content_hash = models.BinaryField("内容校验")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="用户")
    token = models.ForeignKey(
        "SystemToken", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="经哪个系统"
    )
    registered_by = models.CharField("登记人", max_length=80)
    registered_at = models.DateTimeField("登记时间")
    settled_by = models.CharField("办理人", max_length=80, blank=True)
    settled_at = models.DateTimeField("办理时间", null=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="转入的导入批次"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "登记"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="registration_stored_once"),
            models.CheckConstraint(
                name="registration_duplicate_confirmed",
                condition=~Q(decision="likely_duplicate") | ~Q(distinct_reason=""),
            ),
            models.CheckConstraint(
                name="registration_settled_by_somebody",
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(settled_by="") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="registration_withdrawn_with_reason", condition=~Q(state="withdrawn") | ~Q(withdrawn_reason="")
            ),
            models.CheckConstraint(
                name="registration_handed_over_to_a_batch", condition=~Q(state="handed_over") | Q(batch__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-id"], name="registration_place"),
            models.Index(fields=["body", "-id"], name="registration_body", condition=Q(body__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.uscc


class SystemToken(models.Model):
    """A department's system that may register on behalf of a user, within that user's rights.

    Only a hash of the token is kept. ``per_minute`` is how many requests one process answers in a minute.
    """

    name = models.CharField("系统名称", max_length=80)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="所属账号")
    digest = models.CharField("令牌校验", max_length=64, unique=True)
    per_minute = models.IntegerField("每分钟次数上限", default=600)
    issued_by = models.CharField("发放人", max_length=80)
    issued_at = models.DateTimeField("发放时间")
    revoked_by = models.CharField("停用人", max_length=80, blank=True)
    revoked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "系统令牌"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="system_token_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by="") | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
