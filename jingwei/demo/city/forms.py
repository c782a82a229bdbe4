"""What there is in the invented city: legal forms with their numbers, sizes and habits."""

from dataclasses import dataclass

import numpy as np

from jingwei.demo.city.noise import Floats

MARKET, CIVIL, JUSTICE, NOWHERE = "市场监管", "民政", "司法", ""


@dataclass(frozen=True, slots=True)
class Form:
    """One legal form.

    `share` of all registered units; code prefix and the letters of codes given out since 2015;
    median and spread (of the logarithm) of the staff of a working unit; shares of the existing that
    work, of the working that pay tax and that insure staff; how ready members are to be there.
    """

    name: str
    registrar: str
    share: float
    prefix: str
    letters: str
    staff: float
    spread: float
    works: float
    pays_tax: float
    insures: float
    members: float


FORMS = (
    Form("company", MARKET, 0.6070, "91", "MA", 5.5, 1.25, 0.46, 0.95, 0.78, 1.0),
    Form("branch_office", MARKET, 0.1050, "91", "MA", 5.0, 0.9, 0.60, 0.85, 0.55, 1.0),
    Form("sole_trader", MARKET, 0.2200, "92", "MA", 1.6, 0.5, 0.55, 0.45, 0.06, 0.1),
    Form("cooperative", MARKET, 0.0280, "93", "MA", 3.6, 0.7, 0.35, 0.55, 0.10, 0.8),
    Form("partnership", MARKET, 0.0015, "91", "MA", 13.0, 0.7, 0.92, 0.98, 0.95, 3.0),
    Form("social_association", CIVIL, 0.0122, "51", "MJ", 2.5, 0.7, 0.70, 0.20, 0.20, 2.0),
    Form("private_non_enterprise", CIVIL, 0.0225, "52", "MJ", 10.0, 0.9, 0.80, 0.55, 0.65, 1.3),
    Form("foundation", CIVIL, 0.0008, "53", "MJ", 3.3, 0.5, 0.90, 0.60, 0.60, 2.0),
    Form("law_firm", JUSTICE, 0.0025, "31", "MD", 12.0, 0.8, 0.96, 0.97, 0.90, 4.0),
    Form("legal_service_office", JUSTICE, 0.0005, "31", "MD", 4.5, 0.4, 0.95, 0.70, 0.40, 3.0),
    Form("public_institution", NOWHERE, 0.0060, "12", "MB", 40.0, 1.0, 1.0, 0.60, 0.95, 0.0),
    Form("company", NOWHERE, 0.0060, "91", "MA", 9.0, 1.0, 1.0, 0.75, 0.60, 0.0),
)
(
    FIRM,
    BRANCH,
    SOLE_TRADER,
    COOPERATIVE,
    ACCOUNTING,
    ASSOCIATION,
    WELFARE,
    FOUNDATION,
    LAW,
    LEGAL_SERVICE,
    INSTITUTION,
    VISITOR,
) = range(len(FORMS))
OUTSIDERS = (INSTITUTION, VISITOR)

STATES = ("existing", "revoked", "cancelled", "withdrawn", "revoked_cancelled", "suspended")
EXISTING, REVOKED, CANCELLED, WITHDRAWN, REVOKED_CANCELLED, SUSPENDED = range(len(STATES))
STATE_SHARES = (0.83, 0.055, 0.085, 0.004, 0.014, 0.012)


def form_shares() -> tuple[float, ...]:
    """Shares of the registered forms, in their order."""
    return tuple(form.share for form in FORMS if form.registrar != NOWHERE)


def trait(field: str) -> Floats:
    """A numeric trait of every form, to be picked from by form."""
    return np.array([getattr(form, field) for form in FORMS], dtype=np.float64)
