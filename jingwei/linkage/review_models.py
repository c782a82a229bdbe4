"""What a person judges: the pairs that wait, and the decisions, which outlive every run."""

from django.db import models
from django.db.models import F, Q

from jingwei.accounts.models import User
from jingwei.rosters.models import SourceUnit


class CandidatePair(models.Model):
    """A unit that waits for a person in a run, beside one of the units it may be the same as.

    ``place`` 1 is the best candidate; of the others only one is shown at a time. ``millibits`` is the sum
    of ``contributions`` ([comparison, outcome, thousandths of a bit]) and missing where a fixed rule alone
    raised the doubt. ``worth`` says what a decision unlocks, ``turn`` where in the queue the pair stands
    (the lower, the earlier); ``standing`` follows from the decisions and is computed from them alone.
    """

    class Gain(models.IntegerChoices):
        """What the roster would gain if the unit joined, the most first to be judged."""

        MEMBERS = 5, "补党员情况"
        STAFF = 4, "补用工人数"
        DOUBLE = 3, "可能重复计户"
        CONFIRMATION = 2, "补另一来源"
        NOTHING = 1, "核实来源"

    class Standing(models.TextChoices):
        WAITING = "waiting", "待人工判定"
        LATER = "later", "待前一候选判定"
        SAME = "same", "已判同一主体"
        DIFFERENT = "different", "已判不是同一主体"
        SKIPPED = "skipped", "已归入他户"

    run = models.ForeignKey(
        "linkage.LinkRun", models.CASCADE, related_name="pairs", db_index=False, verbose_name="对碰"
    )
    unit = models.ForeignKey(
        SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="待归入的来源单位"
    )
    candidate = models.ForeignKey(
        SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="候选来源单位"
    )
    place = models.SmallIntegerField("候选次序")
    rule = models.CharField("依据", max_length=24)
    millibits = models.BigIntegerField("证据合计（千分之一比特）", null=True)
    contributions = models.JSONField("证据", default=list)
    gain = models.SmallIntegerField("判定所得", choices=Gain)
    worth = models.IntegerField("判定价值")
    turn = models.BigIntegerField("排队次序")
    standing = models.CharField("判定状态", max_length=10, choices=Standing)

    class Meta:
        verbose_name = verbose_name_plural = "待判记录对"
        constraints = [
            models.UniqueConstraint(fields=["run", "unit", "place"], name="candidate_pair_place_once"),
            models.CheckConstraint(name="candidate_pair_of_two", condition=~Q(unit=F("candidate"))),
        ]
        indexes = [
            models.Index(fields=["run", "turn", "id"], name="candidate_pair_queue", condition=Q(standing="waiting")),
            models.Index(fields=["run", "candidate"], name="candidate_pair_candidate"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} ? {self.candidate_id}"


class Decision(models.Model):
    """What a named person said of two source units. Rows are added; an undo fills its three columns once.

    Units keep their ids from month to month, so the decision holds for every later run. ``unit`` is the
    one of the two that waited; ``rule`` and ``millibits`` are the evidence that was shown.
    """

    class Verdict(models.TextChoices):
        SAME = "same", "同一主体"
        DIFFERENT = "different", "不是同一主体"
        UNSURE = "unsure", "拿不准"

    lower = models.ForeignKey(SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="来源单位甲")
    higher = models.ForeignKey(SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="来源单位乙")
    unit = models.ForeignKey(
        SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="待归入的来源单位"
    )
    run = models.ForeignKey("linkage.LinkRun", models.PROTECT, related_name="+", verbose_name="所在对碰")
    verdict = models.CharField("判定", max_length=10, choices=Verdict)
    reason = models.CharField("理由", max_length=200, blank=True)
    rule = models.CharField("依据", max_length=24, blank=True)
    millibits = models.BigIntegerField("证据合计（千分之一比特）", null=True)
    decided_by = models.CharField("判定人", max_length=80)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False, verbose_name="用户")
    decided_at = models.DateTimeField("判定时间")
    undone_by = models.CharField("撤销人", max_length=80, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "人工判定"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lower", "higher"],
                name="decision_of_a_pair_once",
                condition=Q(undone_at__isnull=True, verdict__in=["same", "different"]),
            ),
            models.CheckConstraint(name="decision_pair_in_order", condition=Q(lower__lt=F("higher"))),
            models.CheckConstraint(
                name="decision_unit_of_the_pair", condition=Q(unit=F("lower")) | Q(unit=F("higher"))
            ),
            models.CheckConstraint(name="decision_by_somebody", condition=~Q(decided_by="")),
            models.CheckConstraint(
                name="decision_undone_with_reason",
                condition=Q(undone_at__isnull=True, undone_by="", undone_reason="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="") & ~Q(undone_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["lower", "higher"], name="decision_effective", condition=Q(undone_at__isnull=True)),
            models.Index(fields=["higher"], name="decision_higher", condition=Q(undone_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.lower_id} / {self.higher_id}: {self.get_verdict_display()}"

    @property
    def other_id(self) -> int:
        """The unit beside the one that waited."""
        return self.higher_id if self.unit_id == self.lower_id else self.lower_id

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None


class QualitySample(models.Model):
    """Links and non-links of a run drawn by chance, for people to judge; ``strata`` says from how many.

    A stratum is a ground of links, or one of two kinds of pairs that were compared and not joined: those
    more likely one entity than not, and the others.
    """

    LIKELY, UNLIKELY = "waiting_likely", "waiting_unlikely"

    run = models.ForeignKey("linkage.LinkRun", models.PROTECT, related_name="samples", verbose_name="对碰")
    seed = models.IntegerField("随机种子")
    strata = models.JSONField("各层总数", default=dict)
    drawn_by = models.CharField("抽样人", max_length=80)
    drawn_at = models.DateTimeField("抽样时间")

    class Meta:
        verbose_name = verbose_name_plural = "质量抽样"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.seed}"


class SampledPair(models.Model):
    """One drawn pair. Its verdict measures the matching; it moves nothing in the roster."""

    sample = models.ForeignKey(QualitySample, models.CASCADE, related_name="pairs", db_index=False, verbose_name="抽样")
    number = models.IntegerField("抽样序号")
    stratum = models.CharField("层", max_length=24)
    linked = models.BooleanField("已归为一户")
    unit = models.ForeignKey(SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="来源单位")
    other = models.ForeignKey(SourceUnit, models.PROTECT, related_name="+", db_index=False, verbose_name="对照来源单位")
    verdict = models.CharField("判定", max_length=10, choices=Decision.Verdict, blank=True)
    judged_by = models.CharField("判定人", max_length=80, blank=True)
    judged_at = models.DateTimeField("判定时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "抽样记录对"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "number"], name="sampled_pair_number_once"),
            models.CheckConstraint(
                name="sampled_pair_judged_by_somebody",
                condition=Q(verdict="", judged_at__isnull=True)
                | (~Q(verdict="") & ~Q(judged_by="") & Q(judged_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id}/{self.number}"

    @property
    def is_contradicted(self) -> bool:
        """Whether the verdict speaks against what the run did."""
        wanted = Decision.Verdict.DIFFERENT if self.linked else Decision.Verdict.SAME
        return self.verdict == wanted
