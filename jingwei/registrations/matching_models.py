"""The kept projection that one registration is matched against: keys of every entity, and what was learned of them.

Made from facts by one command, followed by a job, compared every night. Only names and codes stand in it as text;
whatever else is compared (persons, phones, addresses, numbers, dates) is a hash keyed by the installation.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Anchor(models.Model):
    """What is compared of one entity: the record that founded it, completed by its other lists.

    ``entity_id`` is no foreign key: a merge takes an entity away, and the job that follows takes its keys after it.
    ``keys`` are the entity's blocking keys; ``computed_at`` is the entity's own, by which stale anchors are found.
    """

    entity_id = models.BigIntegerField("主体", primary_key=True)
    rank = models.SmallIntegerField("名单次序")
    uscc = models.CharField("有效代码", max_length=18, null=True)
    name_key = models.CharField("规范名", max_length=200, null=True)
    core = models.CharField("字号和行业", max_length=200, null=True)
    branch = models.CharField("分支部分", max_length=200, null=True)
    numerals = models.CharField("序数", max_length=200, null=True)
    firm = models.BooleanField("全称唯一")
    placed = models.BooleanField("含地名")
    active = models.BooleanField("在营", null=True)
    org = models.BigIntegerField("组织机构代码", null=True)
    number = models.BigIntegerField("注册号", null=True)
    sound = models.BigIntegerField("读音", null=True)
    person = models.BigIntegerField("法定代表人", null=True)
    phone = models.BigIntegerField("电话", null=True)
    site = models.BigIntegerField("门牌", null=True)
    road = models.BigIntegerField("道路", null=True)
    district = models.BigIntegerField("区县", null=True)
    founded = models.BigIntegerField("成立日期", null=True)
    name_hash = models.BigIntegerField("规范名键", null=True)
    core_hash = models.BigIntegerField("字号键", null=True)
    keys = ArrayField(models.BigIntegerField(), verbose_name="比对键")
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = verbose_name_plural = "主体比对项"

    def __str__(self) -> str:
        return str(self.entity_id)


class AnchorKey(models.Model):
    """One blocking key of one entity. The primary key is the only index: a look-up reads nothing else."""

    pk = models.CompositePrimaryKey("hash", "anchor_id")
    hash = models.BigIntegerField("键")
    anchor_id = models.BigIntegerField("主体比对项")

    class Meta:
        verbose_name = verbose_name_plural = "主体比对键"

    def __str__(self) -> str:
        return f"{self.hash} → {self.anchor_id}"


class ValueCount(models.Model):
    """How many registered entities share a value, where it is more than one; counted when all keys are made."""

    hash = models.BigIntegerField("键", primary_key=True)
    times = models.IntegerField("次数")

    class Meta:
        verbose_name = verbose_name_plural = "共用次数"

    def __str__(self) -> str:
        return f"{self.hash}: {self.times}"


class MatchBasis(models.Model):
    """What all keys stand on: places that begin names, the district of each area code, the number of registered
    entities. ``stamp`` is another one whenever these change; ``version`` names the product's keys.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField("版本")
    version = models.CharField("键的版本", max_length=40)
    places = ArrayField(models.CharField(max_length=40), verbose_name="地名")
    areas = models.JSONField("代码所属区县", default=dict)
    registered = models.IntegerField("登记主体数")
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = verbose_name_plural = "比对依据"
        constraints = [models.CheckConstraint(name="one_match_basis", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.stamp)
