"""How dirty the departments' files are: every rate in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

_DEPARTMENTS: Mapping[str, float] = MappingProxyType(
    {
        "市场监管": 0.3,
        "税务": 1.0,
        "社保": 1.3,
        "民政": 0.6,
        "司法": 0.6,
        "党组织": 2.0,
        "党员数": 2.0,
    }
)


@dataclass(frozen=True)
class Mess:
    """Shares of rows (0 to 1) that carry one kind of damage.

    Rates under "scaled" are multiplied by the department's factor; the others hold as they stand.
    Kinds of damage do not exclude each other, save those of the code, of which a row has one at most.
    """

    # Codes, scaled.
    code_typo: float = 0.012
    """One character of the code replaced by another."""
    code_look_alike: float = 0.005
    """0, 1, 5 or 2 written as O, I, S or Z."""
    code_placeholder: float = 0.006
    """无, /, 0 or 暂无 in place of the code."""
    code_missing: float = 0.012
    """Empty code."""
    code_dressed: float = 0.02
    """Lower case, leading apostrophe, blanks or full width: the same code once evened out."""
    # Codes, not scaled.
    code_old_tax_number: float = 0.10
    """Old 15-digit tax number in the tax file, among units older than the 18-digit code."""
    code_scientific: float = 0.05
    """Spreadsheet damage of all-digit codes in tax and insurance: 9.19901E+17, or digits lost."""
    code_of_parent: float = 0.18
    """Branch offices filed under their parent's code in tax and insurance."""

    # Names, scaled.
    name_width: float = 0.02
    """Brackets and letters in the other width, or stray blanks."""
    name_traditional: float = 0.004
    """Traditional characters."""
    name_short: float = 0.025
    """Place prefix or legal ending left out."""
    name_typo: float = 0.010
    """One character mistaken for a similar one, dropped or doubled."""
    name_truncated: float = 0.003
    """Cut off by a narrow column."""
    name_suffix: float = 0.012
    """A shop, branch or remark in brackets added."""
    # Names, not scaled.
    name_former: float = 0.35
    """Renamed units that other departments still list under the old name."""

    # Addresses, not scaled unless said.
    address_missing: float = 0.02
    """Empty address (scaled)."""
    address_with_city: float = 0.70
    """Address that names the city."""
    address_without_district: float = 0.06
    """Address that names no district."""
    address_abolished: float = 0.45
    """Abolished district or zone instead of today's, among units older than the abolition."""
    address_with_town: float = 0.26
    """Address that names the town or the park."""
    address_without_building: float = 0.30
    """Address inside a building that does not name it."""
    address_without_unit: float = 0.25
    """Address that leaves out the room or stall."""
    address_reordered: float = 0.03
    """Building first, district in brackets at the end."""
    address_width: float = 0.03
    """Full-width digits, or # instead of 号 (scaled)."""
    address_stale: float = 0.5
    """Moved units that other departments still list at the old address."""

    # Rows.
    duplicate: float = 0.004
    """Rows that appear twice, the second time with damage of its own."""
    blank_row: float = 0.0004
    """Rows without any text."""
    keyless_row: float = 0.0004
    """Rows with neither name nor code, which nobody can place."""
    repeated_headers: int = 1
    """How often a page header is repeated inside each xlsx list."""

    # Other fields.
    bad_date: float = 0.004
    """Dates that do not exist or are no dates."""
    odd_date: float = 0.06
    """Dates in another notation: 2019/3/5, 2019年3月5日, 20190305."""
    type_missing: float = 0.12
    """Empty 企业类型 in the market file."""
    type_vague: float = 0.40
    """企业类型 that says 有限责任公司 and no more."""
    tax_type_missing: float = 0.15
    """Empty 登记注册类型 in the tax file."""
    representative_missing: float = 0.05
    """Empty legal representative."""
    phone_missing: float = 0.08
    """Empty phone."""
    phone_of_agent: float = 0.06
    """The phone of a bookkeeping agent that serves many firms."""
    staff_differs: float = 0.35
    """Rows whose head count differs from the true one by up to a fifth."""
    not_a_count: float = 0.003
    """Counts that are no numbers: 约20人, 十余人, —."""
    state_missing: float = 0.01
    """Empty 登记状态."""

    factors: Mapping[str, float] = field(default_factory=lambda: _DEPARTMENTS)
    """How much dirtier than usual each department is; applied to the scaled rates."""

    def scaled(self, department: str, rate: float) -> float:
        """A scaled rate as it holds in this department's file."""
        return min(1.0, rate * self.factors[department])

    @classmethod
    def none(cls) -> "Mess":
        """Files without any damage: for checks of the generator and of what reads them."""
        clean = cls()
        return replace(
            clean,
            **{item.name: type(getattr(clean, item.name))(0) for item in fields(cls) if item.name != "factors"},
        )
