"""What a page of the review is about: two units, and why somebody looks at them."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from jingwei.base_roster.models import Entity, EntitySource
from jingwei.core.permissions import Actor, Permission, require
from jingwei.linkage import review_queue
from jingwei.linkage.models import CandidatePair, LinkRun, SampledPair


@dataclass(frozen=True, slots=True)
class Asked:
    """Two units of a run. ``pair`` is the place in the queue, ``drawn`` that in a sample; one of them is there.

    ``evidence`` is the pair that the engine weighed for just these two, if it did.
    """

    run: LinkRun
    unit_id: int
    other_id: int
    pair: CandidatePair | None = None
    drawn: SampledPair | None = None
    evidence: CandidatePair | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether somebody looked the other unit up himself."""
        return self.pair is not None and self.other_id != self.pair.candidate_id


def of_queue(actor: Actor, pk: int, other_id: int | None) -> Asked:
    """A pair of the queue, or its unit beside another one; page 404 for what is out of scope."""
    pair = review_queue.pairs(actor=actor).filter(pk=pk).first()
    if pair is None:
        raise Http404("没有这一对记录，或不在你的管辖范围")
    return of_pair(pair, other_id)


def of_pair(pair: CandidatePair, other_id: int | None) -> Asked:
    """The same of a pair that is at hand."""
    if other_id is None or other_id == pair.candidate_id:
        return Asked(pair.run, pair.unit_id, pair.candidate_id, pair, evidence=pair)
    if other_id == pair.unit_id:
        raise Http404("不能与自己比较")
    weighed = CandidatePair.objects.filter(run=pair.run, unit_id=pair.unit_id, candidate_id=other_id).first()
    return Asked(pair.run, pair.unit_id, other_id, pair, evidence=weighed)


def of_sample(actor: Actor, sample: int, number: int | None) -> Asked | None:
    """A drawn pair, the first that nobody has judged unless a number is given; None when all are judged."""
    require(actor, Permission.LINK_APPROVE)
    drawn = _drawn(actor, sample)
    found = drawn.filter(number=number).first() if number else drawn.filter(verdict="").order_by("number").first()
    if found is None:
        if number or not drawn.exists():
            raise Http404("没有这一对抽样记录，或不在你的管辖范围")
        return None
    run = found.sample.run
    weighed = CandidatePair.objects.filter(run=run, unit_id=found.unit_id, candidate_id=found.other_id).first()
    return Asked(run, found.unit_id, found.other_id, drawn=found, evidence=weighed)


def entities_of(asked: Asked, *further: int) -> dict[int, Entity]:
    """Unit -> the entity it lies in, where that is in scope. One query."""
    links = EntitySource.objects.filter(unit_id__in=(asked.unit_id, asked.other_id, *further))
    return {link.unit_id: link.entity for link in links.select_related("entity").defer("entity__bigrams")}


def _drawn(actor: Actor, sample: int) -> QuerySet[SampledPair]:
    in_scope = LinkRun.objects.in_scope(actor)
    return SampledPair.objects.filter(sample_id=sample, sample__run__in=in_scope).select_related("sample__run")
