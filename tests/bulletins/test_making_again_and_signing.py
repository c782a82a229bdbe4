"""A paper can be made again until somebody signs it; then it is final."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from jingwei.accounts.scope import acting
from jingwei.bulletins import services
from jingwei.bulletins.models import Paper
from jingwei.bulletins.orders import Wishes
from jingwei.core.models import JournalEntry, StoredFile
from jingwei.core.permissions import NotPermitted, Role
from jingwei.core.refusal import Refused
from jingwei.domain.papers.content import Edition
from jingwei.rosters import files
from tests.bulletins.quarters import ISSUED, Quarters, make

pytestmark = pytest.mark.slow


def sign(quarters: Quarters, paper: Paper) -> Paper:
    director = quarters.city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=quarters.city.city)
    with acting(director):
        return services.sign(paper=paper, by=director, on=ISSUED)


def test_an_unsigned_paper_made_again_replaces_itself_and_its_files(quarters: Quarters) -> None:
    first = make(quarters, Paper.Kind.MONTHLY)
    old = first.files.get().file
    again = make(quarters, Paper.Kind.MONTHLY, on=ISSUED + timedelta(hours=1))
    assert again.pk == first.pk
    assert Paper.objects.count() == 1
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    assert files.path_of(again.files.get().file.sha256).exists()


def test_editions_are_papers_of_their_own(quarters: Quarters) -> None:
    internal = make(quarters, Paper.Kind.BULLETIN)
    public = make(quarters, Paper.Kind.BULLETIN, wishes=Wishes(edition=Edition.PUBLIC))
    assert internal.pk != public.pk


def test_a_signed_paper_is_not_made_again_and_says_who_signed_it(quarters: Quarters) -> None:
    paper = sign(quarters, make(quarters, Paper.Kind.FORM_A))
    assert paper.signed_at == ISSUED
    with pytest.raises(Refused, match=f"已由{paper.signed_by}于 2026-10-12 签发"):
        make(quarters, Paper.Kind.FORM_A)
    with pytest.raises(Refused, match="签发"):
        sign(quarters, paper)


def test_the_database_itself_keeps_a_signed_paper_and_its_files(quarters: Quarters) -> None:
    paper = sign(quarters, make(quarters, Paper.Kind.MONTHLY))
    with acting(quarters.clerk):
        for change in (
            lambda: Paper.objects.filter(pk=paper.pk).update(title="另一个标题"),
            lambda: paper.files.all().delete(),
            lambda: Paper.objects.filter(pk=paper.pk).delete(),
        ):
            with pytest.raises(DatabaseError, match="已签发的文稿不可更改"), transaction.atomic():
                change()


def test_a_later_revision_of_the_month_makes_a_new_paper(quarters: Quarters) -> None:
    signed = sign(quarters, make(quarters, Paper.Kind.BULLETIN))
    earlier = make(quarters, Paper.Kind.BULLETIN, snapshot=quarters.june)
    assert earlier.pk != signed.pk


def test_making_and_signing_are_journalled_with_snapshot_and_kind(quarters: Quarters) -> None:
    paper = sign(quarters, make(quarters, Paper.Kind.FORM_B))
    entries = JournalEntry.objects.filter(subject_type="paper", subject_id=str(paper.pk)).order_by("pk")
    assert [entry.verb for entry in entries] == ["paper.make", "paper.sign"]
    assert entries[0].detail == {"kind": "form_b", "snapshot": "S20260930-01", "edition": "internal"}


def test_only_the_department_signs_and_only_the_clerk_makes(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.MONTHLY)
    director = quarters.city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=quarters.city.city)
    with acting(quarters.clerk), pytest.raises(NotPermitted):
        services.sign(paper=paper, by=quarters.clerk, on=ISSUED)
    with acting(director), pytest.raises(NotPermitted):
        services.make(kind="monthly", snapshot=quarters.september, place=quarters.city.county, by=director, on=ISSUED)


def test_a_clerk_makes_papers_of_his_own_places_alone(quarters: Quarters) -> None:
    other = quarters.city.actor(Role.CLERK, place=quarters.city.other_county)
    with acting(other), pytest.raises(NotPermitted):
        services.make(kind="monthly", snapshot=quarters.september, place=quarters.city.county, by=other, on=ISSUED)


def test_bulletins_are_made_for_a_city_or_a_county(quarters: Quarters) -> None:
    with pytest.raises(Refused, match="按市或区县生成"):
        make(quarters, Paper.Kind.BULLETIN, place=quarters.city.town)


def test_a_bulletin_is_compared_with_an_earlier_snapshot_only(quarters: Quarters) -> None:
    with pytest.raises(Refused, match="早于本期"):
        make(quarters, Paper.Kind.BULLETIN, snapshot=quarters.june, compared=quarters.september)


def test_without_a_choice_the_end_of_the_quarter_before_is_compared(quarters: Quarters) -> None:
    assert make(quarters, Paper.Kind.BULLETIN).compared == quarters.june
    assert make(quarters, Paper.Kind.MONTHLY).compared is None


def test_numbers_of_issue_go_on_and_are_never_used_twice(quarters: Quarters) -> None:
    june = sign(quarters, make(quarters, Paper.Kind.BULLETIN, snapshot=quarters.june))
    september = make(quarters, Paper.Kind.BULLETIN)
    assert (june.issue, september.issue, september.content["total_issue"]) == (1, 2, 2)
    with acting(quarters.clerk):
        taken = services.revise(paper=september, wishes=Wishes(issue=1), by=quarters.clerk, on=ISSUED)
    with pytest.raises(Refused, match="2026 年第 1 期已用于"):
        sign(quarters, taken)


def test_the_office_words_its_plans_and_addressees_and_they_stay_when_it_is_made_again(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    wishes = Wishes(next_steps=("对未建的 1 家，由区委社会工作部 12 月底前上门。",), report_to="区委。", copies=20)
    with acting(quarters.clerk):
        services.revise(paper=paper, wishes=wishes, by=quarters.clerk, on=ISSUED)
        again = services.remake(paper=Paper.objects.get(), by=quarters.clerk, on=ISSUED)
    bulletin = again.content["bulletin"]
    assert bulletin["sections"][2]["paragraphs"][0][0]["text"] == wishes.next_steps[0]
    assert (bulletin["imprint"]["report_to"], bulletin["imprint"]["copies"]) == ("区委。", 20)


def test_no_figure_comes_in_by_the_office_s_own_words(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    with acting(quarters.clerk), pytest.raises(Refused, match="文字中的 300 不在本期数据中"):
        services.revise(paper=paper, wishes=Wishes(next_steps=("年内新建 300 家。",)), by=quarters.clerk, on=ISSUED)


def test_an_empty_plan_gives_the_generated_one_back(quarters: Quarters) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN, wishes=Wishes(next_steps=("各镇街落实。",)))
    with acting(quarters.clerk):
        services.revise(paper=paper, wishes=Wishes(next_steps=()), by=quarters.clerk, on=ISSUED)
    steps = Paper.objects.get().content["bulletin"]["sections"][2]["paragraphs"]
    assert "核实到户" in "".join(span["text"] for span in steps[0])


def test_the_next_bulletin_goes_to_those_the_last_one_went_to(quarters: Quarters) -> None:
    make(quarters, Paper.Kind.BULLETIN, snapshot=quarters.june, wishes=Wishes(send_to="区委统战部。"))
    assert make(quarters, Paper.Kind.BULLETIN).content["bulletin"]["imprint"]["send_to"] == "区委统战部。"


def test_the_files_go_out_under_readable_names(quarters: Quarters, tmp_path) -> None:
    paper = make(quarters, Paper.Kind.BULLETIN)
    written = services.write_files(paper=paper, folder=tmp_path / "out")
    assert [path.name for path in written] == [
        "关于2026年第三季度“两个覆盖”进展的通报-S20260930-01.docx",
        "关于2026年第三季度“两个覆盖”进展的通报-S20260930-01.pdf",
    ]
    assert all(path.stat().st_size > 5_000 for path in written)
