import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jingwei.demo.city import codes
from jingwei.demo.city.noise import Noise, spread
from jingwei.domain import uscc
from tests.demo.conftest import SECOND, Written

AREA = st.integers(990000, 999999)
SERIAL = st.integers(0, 89_000_000)


def test_every_true_code_passes_its_checks_and_has_an_invented_area(city: Written) -> None:
    for entity in city.entities(SECOND).values():
        assert uscc.check(entity["uscc"]).valid
        assert entity["uscc"][2:4] == "99"


def test_no_two_entities_share_a_code(city: Written) -> None:
    found = [entity["uscc"] for entity in city.entities(SECOND).values()]

    assert len(found) == len(set(found))


def test_old_registration_numbers_pass_their_check(city: Written) -> None:
    numbers = [entity["registration_number"] for entity in city.entities().values() if entity["registration_number"]]

    assert numbers
    assert all(uscc.is_registration_number(number) for number in numbers)
    assert all(number.startswith("99") for number in numbers)


@given(area=AREA, serial=SERIAL, is_legacy=st.booleans(), prefix=st.sampled_from(["91", "92", "93", "51", "31"]))
def test_codes_of_any_area_and_serial_are_valid(area: int, serial: int, is_legacy: bool, prefix: str) -> None:
    body = codes.organization_bodies(np.array([serial]), np.array([is_legacy]), "MA")
    (code,) = codes.credit_codes(np.array([prefix], dtype=object), np.array([area]), body)

    assert uscc.check(code).valid
    assert code[:8] == f"{prefix}{area}"


@given(area=AREA, serial=SERIAL)
def test_old_tax_numbers_hold_the_organization_code_of_the_new_code(area: int, serial: int) -> None:
    body = codes.organization_bodies(np.array([serial]), np.array([True]), "MA")
    (code,) = codes.credit_codes(np.array(["91"], dtype=object), np.array([area]), body)
    (number,) = codes.tax_numbers(np.array([area]), body)

    assert uscc.organization_code(number) == uscc.organization_code(code)


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=50), st.integers(10**6 + 4, 10**8))
def test_spreading_sends_no_two_numbers_to_one_place(numbers: list[int], space: int) -> None:
    assert len(set(spread(np.array(numbers, dtype=np.int64), space).tolist())) == len(numbers)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.integers(0, 2**31))
def test_a_draw_depends_on_the_id_alone(ids: list[int], seed: int) -> None:
    noise = Noise(seed)
    together = noise.uniform("any", np.array(ids, dtype=np.int64)).tolist()

    assert together == [noise.uniform("any", np.array([number], dtype=np.int64))[0] for number in ids]


def test_phones_begin_with_a_prefix_nobody_has(city: Written) -> None:
    phones = [record["联系电话"] for record, _ in city.records("社保") if record["联系电话"]]

    assert phones
    assert all(re.fullmatch(r"100\d{8}", phone) for phone in phones)


def test_every_place_has_an_area_code_that_begins_with_99(city: Written) -> None:
    found = [row["代码"] for row in city.place("区划.csv")] + [row["旧代码"] for row in city.place("区划沿革.csv")]

    assert all(code.startswith("99") for code in found)
