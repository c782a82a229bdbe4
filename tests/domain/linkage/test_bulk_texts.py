"""Columns taken apart in bulk give what the functions for single texts give."""

from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.domain.linkage import normalize
from jingwei.domain.linkage.bulk_addresses import bulk_split_addresses
from jingwei.domain.linkage.bulk_fields import bulk_fold_persons, bulk_fold_phones
from jingwei.domain.linkage.bulk_fold import bulk_fold_addresses, bulk_fold_names, bulk_fold_texts
from jingwei.domain.linkage.bulk_names import Places, bulk_leading_places, bulk_split_names
from jingwei.domain.linkage.fold_sound import sound_key
from tests.domain.linkage.odd_texts import PLACES, odd_addresses, odd_names, odd_persons, odd_phones

SOME = 400
seeds = st.integers(min_value=0, max_value=2**32)


def column(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def split_alone(text: str) -> dict[str, object]:
    (name,) = normalize.fold_bracketed_names([text])
    parts = normalize.split_name(name.text, PLACES, name.brackets)
    found = {**parts._asdict(), "sound": sound_key(parts.core.removesuffix(parts.branch))}
    del found["head"]
    return {
        field: None if value == "" and field in ("key", "core", "place") else value for field, value in found.items()
    }


@settings(max_examples=6, deadline=None)
@given(seeds)
def test_names_in_bulk_are_those_one_by_one(seed: int) -> None:
    names = odd_names(Random(seed), SOME)
    made = bulk_split_names(bulk_fold_names(column(names)), Places(PLACES))
    expected = [split_alone(name) for name in names]
    assert {field: values.to_pylist() for field, values in made.items()} == {
        field: [line[field] for line in expected] for field in made
    }


@settings(max_examples=4, deadline=None)
@given(seeds)
def test_leading_places_in_bulk_are_those_one_by_one(seed: int) -> None:
    names = odd_names(Random(seed), SOME)
    found = [place for text in normalize.fold_names(names) for place in normalize.leading_places(text) if place]
    assert sorted(bulk_leading_places(bulk_fold_names(column(names)))) == sorted(found)


@settings(max_examples=6, deadline=None)
@given(seeds)
def test_addresses_in_bulk_are_those_one_by_one(seed: int) -> None:
    addresses = odd_addresses(Random(seed), SOME)
    made = bulk_split_addresses(bulk_fold_addresses(column(addresses)))
    expected = [normalize.split_address(text) for text in normalize.fold_addresses(addresses)]
    for field, values in made.items():
        assert values.to_pylist() == [getattr(parts, field) or None for parts in expected], field


@settings(max_examples=4, deadline=None)
@given(seeds)
def test_persons_and_phones_in_bulk_are_those_one_by_one(seed: int) -> None:
    persons, phones = odd_persons(Random(seed), SOME), odd_phones(Random(seed), SOME)
    expected = [normalize.fold_person(text) for text in normalize.fold_texts(persons)]
    assert bulk_fold_persons(column(persons)).to_pylist() == expected
    assert bulk_fold_phones(column(phones)).to_pylist() == [normalize.fold_phone(text) for text in phones]


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=6))
def test_whatever_a_text_holds_its_folded_form_is_the_same_in_bulk(texts: list[str]) -> None:
    for bulk, alone in ((bulk_fold_texts, normalize.fold_texts), (bulk_fold_addresses, normalize.fold_addresses)):
        folded = bulk(column(texts))
        found = [
            folded.others[row].text
            if row in folded.others
            else folded.texts.codes[start:end].tobytes().decode("utf-16-le")
            for row, (start, end) in enumerate(zip(folded.texts.starts, folded.texts.ends, strict=True))
        ]
        assert found == alone(texts)


@pytest.mark.parametrize("text", ["沈船打捞", "毛坏加工", "重覆", "瞭解", "甦醒", "衹得", "英哩"])
def test_words_whose_characters_change_together_are_simplified_as_words(text: str) -> None:
    assert bulk_split_names(bulk_fold_names(column([text])), Places(PLACES))["key"].to_pylist() == [
        split_alone(text)["key"]
    ]


def test_empty_columns_stay_empty() -> None:
    for texts in ([], ["", ""], [None]):
        names = bulk_split_names(bulk_fold_names(column(texts)), Places(()))
        addresses = bulk_split_addresses(bulk_fold_addresses(column(texts)))
        for made in (
            names["key"],
            addresses["site"],
            bulk_fold_persons(column(texts)),
            bulk_fold_phones(column(texts)),
        ):
            assert made.to_pylist() == [None] * len(texts)
