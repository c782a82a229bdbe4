"""Branch offices have the ownership of their parent, which is asked for once."""

from datetime import date

from jingwei.domain import rulebook
from jingwei.domain.legal_form import LegalForm
from jingwei.domain.ownership import Ownership, OwnershipFacts, OwnershipVerdict, decide

RULES = rulebook.at(date(2024, 6, 1))
PARENT = "华原银行股份有限公司"


def branch(place: str, parent: OwnershipVerdict | None = None, company_type: str = "") -> OwnershipFacts:
    return OwnershipFacts(
        name=f"{PARENT}{place}支行",
        form=LegalForm.BRANCH_OFFICE,
        company_type=company_type,
        parent_name=PARENT,
        parent=parent,
    )


def verdict_on_parent(company_type: str) -> OwnershipVerdict:
    return decide(OwnershipFacts(PARENT, LegalForm.COMPANY, company_type=company_type), RULES)


def test_a_branch_office_inherits_what_is_known_of_its_parent() -> None:
    inherited = decide(branch("望江", verdict_on_parent("股份有限公司(国有控股)")), RULES)
    assert inherited.value is Ownership.PUBLIC
    assert inherited.reasons[0] == f"分支机构随上级“{PARENT}”：公有"
    assert inherited.question_key is None


def test_the_parent_wins_over_what_the_branch_office_says_of_itself() -> None:
    inherited = decide(branch("望江", verdict_on_parent("股份有限公司(国有控股)"), "私营"), RULES)
    assert inherited.value is Ownership.PUBLIC


def test_while_the_parent_is_unknown_the_branch_offices_own_evidence_counts() -> None:
    assert decide(branch("望江", verdict_on_parent(""), "集体分支机构(非法人)"), RULES).value is Ownership.PUBLIC


def test_all_branch_offices_and_their_parent_share_one_question() -> None:
    keys = {decide(branch(place), RULES).question_key for place in ("望江", "石桥", "文昌")}
    assert keys == {verdict_on_parent("").question_key} == {PARENT}


def test_a_branch_office_without_a_readable_parent_is_asked_about_itself() -> None:
    alone = decide(OwnershipFacts("望江 加油站", LegalForm.BRANCH_OFFICE), RULES)
    assert alone.question_key == "望江加油站"


def test_a_verdict_on_somebody_elses_parent_does_not_touch_a_firm() -> None:
    facts = OwnershipFacts("安澜远帆有限公司", LegalForm.COMPANY, parent=verdict_on_parent("国有企业"))
    assert decide(facts, RULES).value is Ownership.UNKNOWN
