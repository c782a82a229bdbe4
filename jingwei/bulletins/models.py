"""Papers made from snapshots: bulletins, monthly tables, yearly forms."""

from django.db import models
from django.db.models import Q

from jingwei.core.models import StoredFile
from jingwei.indicators.models import Snapshot
from jingwei.places.models import Place


class Paper(models.Model):
    """One paper made from a snapshot. Its files are kept; a signed one is never made again."""

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", "季度通报"
        MONTHLY = "monthly", "月度统计表"
        SHOULD_HAVE = "should_have", "应建未建清单"
        FORM_A = "form_a", "非公企业建立党组织情况（年报）"
        FORM_B = "form_b", "社会组织建立党组织情况（年报）"
        LEDGER_C = "ledger_c", "非公企业党建工作台账"
        FORM_D = "form_d", "社会组织党建情况年报表"

    kind = models.CharField("种类", max_length=12, choices=Kind)
    title = models.CharField("标题", max_length=120)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="papers", verbose_name="快照")
    compared = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+", verbose_name="对比快照")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="区域")
    issue = models.IntegerField("期号", null=True)
    content = models.JSONField("内容", default=dict)
    checks = models.JSONField("校核", default=list)
    made_at = models.DateTimeField("生成时间")
    made_by = models.CharField("生成人", max_length=80)
    signed_at = models.DateTimeField("签发时间", null=True)
    signed_by = models.CharField("签发人", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文稿"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="paper_signed_by_somebody",
                condition=Q(signed_at=None, signed_by="") | (Q(signed_at__isnull=False) & ~Q(signed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PaperFile(models.Model):
    """One file of a paper."""

    class Format(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="files", verbose_name="文稿")
    format = models.CharField("格式", max_length=4, choices=Format)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "文稿文件"
        constraints = [models.UniqueConstraint(fields=["paper", "format"], name="paper_file_once")]

    def __str__(self) -> str:
        return f"{self.paper_id}.{self.format}"


class Template(models.Model):
    """A Word template that the city edited; the newest stands in place of the product's own."""

    kind = models.CharField("种类", max_length=12, choices=Paper.Kind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.CharField("上传人", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "模板"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uploaded_at:%Y-%m-%d}"
