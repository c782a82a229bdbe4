"""Users, what they were granted and by whom, printed recovery codes by django-otp."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from jingwei.bodies.models import Body
from jingwei.core.permissions import EXCLUSIVE_ROLES, ROLES, Role
from jingwei.places.models import Place


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who logs in. Name and post only: no ID number, no membership, no photo."""

    username = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    title = models.CharField("职务", max_length=60, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="users", verbose_name="单位")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    created_at = models.DateTimeField("建立时间")

    objects = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name


class GrantQuerySet(models.QuerySet["Grant"]):
    def active_on(self, day: date) -> Self:
        return self.filter(valid__contains=day)


class Grant(models.Model):
    """A role held over a place or on behalf of a body, for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="用户")
    role = models.CharField("身份", max_length=30, choices=[(role.value, ROLES[role].zh) for role in Role])
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区域")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构")
    valid = DateRangeField("有效期")
    granted_by = models.CharField("授权人", max_length=80)
    granted_at = models.DateTimeField("授权时间")
    reason = models.CharField("依据", max_length=120, blank=True)
    revoked_by = models.CharField("撤销人", max_length=80, blank=True)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoke_reason = models.CharField("撤销原因", max_length=120, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        constraints = [
            models.CheckConstraint(
                name="grant_names_a_place_or_a_body", condition=Q(place__isnull=False) | Q(body__isnull=False)
            ),
            models.CheckConstraint(
                name="grant_revoked_by_somebody_for_a_reason",
                condition=Q(revoked_at__isnull=True) | (~Q(revoked_by="") & ~Q(revoke_reason="")),
            ),
            ExclusionConstraint(
                name="grant_exclusive_roles_are_different_people",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=sorted(role.value for role in EXCLUSIVE_ROLES)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"
