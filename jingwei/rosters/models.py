"""Departments' lists as received: batches, immutable records, the units they speak of."""

from typing import Self

from django.db import models
from django.db.models import Q

from jingwei.bodies.models import Body
from jingwei.core.models import StoredFile
from jingwei.core.permissions import Actor
from jingwei.domain.lists import LISTS, ListKind
from jingwei.places.models import Place

LIST_CHOICES = [(kind.value, LISTS[kind].zh) for kind in ListKind]


class BatchQuerySet(models.QuerySet["Batch"]):
    def in_scope(self, actor: Actor) -> Self:
        """First lock of two: the application's own filter."""
        if actor.everything:
            return self
        return self.filter(Q(place_id__in=actor.place_ids) | Q(body_id__in=actor.body_ids))


class Batch(models.Model):
    """One file from one department, on its way through 读取 / 核对 / 入库."""

    class State(models.TextChoices):
        READING = "reading", "读取中"
        CHECKED = "checked", "待核对"
        COMMITTING = "committing", "入库中"
        COMMITTED = "committed", "已入库"
        FAILED = "failed", "读取失败"
        CANCELLED = "cancelled", "已放弃"

    list_kind = models.CharField("名单", max_length=24, choices=LIST_CHOICES, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    as_of = models.DateField("数据日期")
    state = models.CharField("状态", max_length=12, choices=State, default=State.READING)
    department = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提供部门"
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="范围")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name="经办单位")
    parsed = models.JSONField("读取结果", default=dict)
    mapping = models.JSONField("列对应", default=dict)
    counts = models.JSONField("行数", default=dict)
    sample = models.JSONField("问题行样例", default=list)
    error = models.JSONField("出错", default=dict)
    progress = models.IntegerField("已处理行数", default=0)
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("经办人", max_length=80)
    committed_at = models.DateTimeField("入库时间", null=True)
    committed_by = models.CharField("入库人", max_length=80, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="batch_committed_by_somebody",
                condition=~Q(state="committed") | (Q(committed_at__isnull=False) & ~Q(committed_by="")),
            ),
            models.UniqueConstraint(
                name="batch_same_file_committed_once",
                fields=["list_kind", "file", "place", "body"],
                condition=Q(state__in=["committing", "committed"]),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_list_kind_display()} {self.as_of}"

    @property
    def rejected_count(self) -> int:
        """Rows that were, or would be, refused; 0 before they are counted."""
        return int(self.counts.get("rejected", 0))

    @property
    def accepted_count(self) -> int:
        """Rows that were, or would be, stored; 0 before they are counted."""
        return int(self.counts.get("rows", 0)) - self.rejected_count

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to this batch."""
        return self.state in (self.State.COMMITTED, self.State.CANCELLED)

    @property
    def is_working(self) -> bool:
        """Whether a job is reading, checking or storing, so that a page should look again."""
        waiting = self.state == self.State.CHECKED and self.is_mapped and not self.counts and not self.error
        return waiting or self.state in (self.State.READING, self.State.COMMITTING)

    @property
    def is_mapped(self) -> bool:
        """Whether the list is known and a column gives names or codes, without which no row can be stored."""
        if not self.list_kind:
            return False
        return any(field in self.mapping.values() for field in LISTS[ListKind(self.list_kind)].key_fields)


class BatchKey(models.Model):
    """Key of a batch's personal columns, wrapped by the installation's key. Destroying it deletes them."""

    batch = models.OneToOneField(Batch, models.PROTECT, related_name="key", verbose_name="批次")
    key_id = models.CharField("密钥编号", max_length=16)
    wrapped = models.BinaryField("密钥", null=True)
    destroyed_at = models.DateTimeField("销毁时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "批次密钥"

    def __str__(self) -> str:
        return self.key_id


class SourceUnit(models.Model):
    """A department's own unit: ties a record to its version of the next month.

    The source key is the unit's valid code, else its registration number, else a hash of its name
    and address; rows of one file with equal keys are told apart by the running number.
    ``content_record`` is the record that first said what the latest one says: whoever has read it has
    nothing new to read, however many lists have repeated it since.
    """

    list_kind = models.CharField("名单", max_length=24, choices=LIST_CHOICES)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name="范围")
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name="经办单位")
    source_key = models.CharField("来源键", max_length=200)
    number = models.IntegerField("同键序号", default=1)
    last_record = models.ForeignKey(
        "SourceRecord", models.PROTECT, null=True, related_name="+", verbose_name="最新记录", db_index=False
    )
    last_as_of = models.DateField("最新数据日期", null=True)
    content_record = models.ForeignKey(
        "SourceRecord", models.PROTECT, null=True, related_name="+", verbose_name="现内容首见记录", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "来源单位"
        constraints = [
            models.UniqueConstraint(
                fields=["source_key", "list_kind", "place", "body", "number"],
                name="source_unit_key",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["list_kind", "place", "body"], name="source_unit_same_key", condition=Q(number__gt=1)),
        ]

    def __str__(self) -> str:
        return self.source_key if self.number == 1 else f"{self.source_key}#{self.number}"


class SourceRecord(models.Model):
    """One row as delivered, without its personal columns. Never changed after it is stored."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="records", verbose_name="批次", db_index=False)
    row = models.IntegerField("行号")
    unit = models.ForeignKey(SourceUnit, models.PROTECT, related_name="records", verbose_name="来源单位")
    name = models.CharField("名称", max_length=200, blank=True)
    uscc = models.CharField("有效代码", max_length=18, blank=True)
    values = models.JSONField("原值")
    flags = models.JSONField("标记", default=list)
    content_hash = models.BinaryField("内容校验")
    same_as_before = models.BooleanField("与上期一致", default=False)
    mends = models.ForeignKey(
        "RejectedRow", models.PROTECT, null=True, related_name="mended_by", verbose_name="补正的行", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "来源记录"
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="source_record_row_once")]
        indexes = [
            models.Index(fields=["mends"], name="source_record_mends", condition=Q(mends__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.uscc


class SourcePersonal(models.Model):
    """The personal columns of one record, encrypted under its batch's key."""

    record = models.OneToOneField(
        SourceRecord, models.PROTECT, primary_key=True, related_name="personal", verbose_name="记录"
    )
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+", verbose_name="批次", db_index=False)
    sealed = models.BinaryField("密文")

    class Meta:
        verbose_name = verbose_name_plural = "来源记录（个人信息）"

    def __str__(self) -> str:
        return str(self.record_id)


class RejectedRow(models.Model):
    """A row that was not stored, with the reason; its cells are kept encrypted for the repair sheet."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="rejected", verbose_name="批次", db_index=False)
    row = models.IntegerField("行号")
    field = models.CharField("字段", max_length=40, blank=True)
    code = models.CharField("错误码", max_length=24)
    reason = models.CharField("原因", max_length=200)
    repair = models.CharField("建议", max_length=200, blank=True)
    sealed = models.BinaryField("原行密文")

    class Meta:
        verbose_name = verbose_name_plural = "未入库行"
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="rejected_row_once")]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"
