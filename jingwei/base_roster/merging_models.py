"""The log of merged entities and moved source units: what was touched, row by row, so that it can be undone."""

from django.db import models
from django.db.models import Q

from jingwei.rosters.models import SourceUnit


class Merge(models.Model):
    """One entity became part of another, or one source unit went from one entity to another.

    ``kept_id`` is the entity that goes on (of a move the one the unit went to), ``gone_id`` the one that was taken
    up in it (of a move the one the unit left). They are numbers and no foreign keys: the entity that is gone has
    no row any more, and the one that was kept may be taken up in a third later. ``rows`` names every row that hung
    on the kept entity right afterwards, by table, so that what came later can be told. The states are sha256 over
    the logged rows before and after. Only the undoing is ever written, once.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", "合并"
        MOVE = "move", "移动来源单位"

    kind = models.CharField("类型", max_length=8, choices=Kind)
    kept_id = models.BigIntegerField("保留主体")
    kept_name = models.CharField("保留主体名称", max_length=200)
    gone_id = models.BigIntegerField("并入主体")
    gone_name = models.CharField("并入主体名称", max_length=200)
    unit = models.ForeignKey(SourceUnit, models.PROTECT, null=True, related_name="+", verbose_name="来源单位")
    reason = models.CharField("原因", max_length=200)
    decision = models.BigIntegerField("判定编号", null=True)
    by = models.CharField("办理人", max_length=80)
    by_user = models.BigIntegerField("办理人编号")
    at = models.DateTimeField("办理时间")
    state_before = models.CharField("办理前校验值", max_length=64)
    state_after = models.CharField("办理后校验值", max_length=64)
    rows = models.JSONField("办理后的行", default=dict)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.CharField("撤销人", max_length=80, blank=True)
    undone_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "主体合并"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone_id"], name="merge_gone_once", condition=Q(kind="merge", undone_at__isnull=True)
            ),
            models.CheckConstraint(name="merge_not_itself", condition=~Q(kept_id=models.F("gone_id"))),
            models.CheckConstraint(
                name="merge_undone_whole",
                condition=Q(undone_at__isnull=True, undone_by="", undone_reason="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="") & ~Q(undone_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["kept_id"], name="merge_kept"),
            models.Index(fields=["gone_id"], name="merge_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


class MergeStep(models.Model):
    """One touched row: the table, its primary key, and what stood in it before and after; never changed.

    Without ``before`` the row was made by the merge, without ``after`` it was removed.
    """

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="steps", verbose_name="合并")
    position = models.IntegerField("顺序")
    table = models.CharField("表", max_length=63)
    row = models.BigIntegerField("行")
    before = models.JSONField("之前", null=True)
    after = models.JSONField("之后", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "合并记录"
        ordering = ["merge_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["merge", "position"], name="merge_step_position_once"),
            models.UniqueConstraint(fields=["merge", "table", "row"], name="merge_step_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
