"""Journal, stored files and the editable holiday table."""

from django.db import models
from django.db.models import Q


class JournalEntry(models.Model):
    """One act: who did what to which row. Ids and field names only, never personal values.

    Rows go in unsealed; the sealer numbers and chains them after commit, so that writers do not
    queue on a hash and a reader by ``seq`` never misses a late committer.
    """

    at = models.DateTimeField("时间")
    actor_id = models.BigIntegerField("操作人编号", null=True)
    actor_name = models.CharField("操作人", max_length=80)
    verb = models.CharField("动作", max_length=60)
    subject_type = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象编号", max_length=60)
    fields = models.JSONField("字段", default=list)
    detail = models.JSONField("说明", default=dict)
    place_id = models.IntegerField("区划", null=True)
    body_id = models.IntegerField("机构", null=True)
    transaction = models.BigIntegerField("事务号", editable=False)
    seq = models.BigIntegerField("序号", null=True, unique=True, editable=False)
    sealed_at = models.DateTimeField("封存时间", null=True, editable=False)
    hash = models.CharField("链上哈希", max_length=64, null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "日志"
        constraints = [
            models.CheckConstraint(
                name="journal_sealed_whole",
                condition=Q(seq__isnull=True, hash__isnull=True) | Q(seq__isnull=False, hash__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="journal_unsealed", condition=Q(seq__isnull=True)),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="journal_subject"),
            models.Index(fields=["actor_id", "-id"], name="journal_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}/{self.subject_id}"


class JournalCursor(models.Model):
    """How far one downstream reader has read the journal."""

    reader = models.CharField("读取方", max_length=60, primary_key=True)
    seq = models.BigIntegerField("已读序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "日志读取位置"

    def __str__(self) -> str:
        return f"{self.reader}: {self.seq}"


class StoredFile(models.Model):
    """A file as it was received, kept under its hash."""

    sha256 = models.CharField("校验值", max_length=64)
    name = models.CharField("文件名", max_length=255)
    size = models.BigIntegerField("大小（字节）")
    received_at = models.DateTimeField("收到时间")
    received_by = models.CharField("收件人", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        indexes = [models.Index(fields=["sha256"], name="file_sha256")]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day whose kind the office has set itself; it goes before the built-in calendar."""

    class Kind(models.TextChoices):
        OFF = "off", "放假"
        WORK = "work", "调休上班"

    day = models.DateField("日期", unique=True)
    kind = models.CharField("类别", max_length=4, choices=Kind)
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
