"""The chain of place names in an address: district, town, community, park or building."""

import re
from dataclasses import dataclass, field

from jingwei.domain.placement.names import NameHit, NameIndex
from jingwei.domain.placement.records import PlaceKind
from jingwei.domain.placement.tree import Tree

_ELSEWHERE = re.compile(r"(?:[^省]{2,4}省)?([^省市区县路街道号]{2,5}(?:市(?![场政民中区])|自治州|盟))")


@dataclass(slots=True)
class Chain:
    """What the names of one address prove.

    `begin` is where the first name stands, `end` where the text after the last name of the tree begins, `names` the
    names that led on.
    `against` holds the name before, the name that lies beside it and that one's place.
    `former` says that the last name is one of an abolished division, `elsewhere` names a city the
    gazetteer does not hold.
    """

    place_id: int | None = None
    overlay_id: int | None = None
    begin: int = 0
    end: int = 0
    former: bool = False
    names: list[str] = field(default_factory=list)
    against: tuple[str, str, int] | None = None
    elsewhere: str = ""


def read_chain(text: str, index: NameIndex, tree: Tree) -> Chain:
    """Follows the names of a folded address from left to right, each below the one before.

    An ambiguous name leads only to what all its places have in common. A name that lies beside the
    ones before it ends the chain; against the name of an abolished division it leaves both unproven.
    """
    chain = Chain()
    hits = index.scan(text)
    chain.begin = hits[0].start if hits else len(text)
    before = text[: chain.begin]
    if before and (city := _ELSEWHERE.match(before)):
        chain.elsewhere = city.group(1)
        return chain
    for hit in hits:
        _follow(hit, chain, tree)
        if chain.against is not None:
            return chain
    _follow_short_names(text, chain, index, tree)
    return chain


def _follow(hit: NameHit, chain: Chain, tree: Tree) -> None:
    places = [id_ for id_ in hit.entry.ids if id_ in tree.records]
    if places:
        _follow_places(hit, places, chain, tree)
    else:
        _follow_overlays(hit, list(hit.entry.ids), chain, tree)


def _follow_places(hit: NameHit, places: list[int], chain: Chain, tree: Tree) -> None:
    here = chain.place_id
    fitting = [id_ for id_ in places if here is None or tree.related(id_, here)]
    if not fitting:
        _contradict(hit, places, chain, tree)
        return
    below = tree.common(fitting)
    chain.end = hit.end
    if below is None or (here is not None and tree.within(here, below)):
        return
    chain.place_id, chain.former = below, hit.entry.former and len(fitting) == 1
    chain.names.append(hit.entry.name)


def _contradict(hit: NameHit, places: list[int], chain: Chain, tree: Tree) -> None:
    here = chain.place_id
    if here is None or len(places) > 1 or tree.records[here].kind is PlaceKind.COMMUNITY:
        return
    # Hamlets and housing estates bear the names of villages elsewhere: only one that follows at once counts.
    if tree.records[places[0]].kind is PlaceKind.COMMUNITY and hit.start != chain.end:
        return
    chain.against = (chain.names[-1], hit.entry.name, places[0])
    # The land of an abolished district may have gone to several: its name cannot outweigh a current one.
    if chain.former:
        chain.place_id, chain.end = tree.common([here, places[0]]), hit.end


def _follow_overlays(hit: NameHit, overlays: list[int], chain: Chain, tree: Tree) -> None:
    here = chain.place_id
    fitting = [
        (id_, inside)
        for id_ in overlays
        if (inside := [p for p in tree.places_of(id_) if here is None or tree.related(p, here)])
    ]
    if len(fitting) != 1:
        return
    overlay, inside = fitting[0]
    chain.overlay_id = overlay
    below = tree.common(inside)
    if below is not None and (here is None or not tree.within(here, below)):
        chain.place_id, chain.former = below, False
    chain.names.append(hit.entry.name)


def _follow_short_names(text: str, chain: Chain, index: NameIndex, tree: Tree) -> None:
    while chain.place_id is not None and (found := index.short_at(text, chain.end)):
        ids, end = found
        below = [id_ for id_ in ids if id_ != chain.place_id and tree.within(id_, chain.place_id)]
        if len(below) != 1:
            return
        chain.names.append(text[chain.end : end])
        chain.place_id, chain.former, chain.end = below[0], False, end
