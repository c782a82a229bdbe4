"""A Word template that the city has edited stands in place of the product's own, after a trial."""

import io
import zipfile

import pytest
from docx import Document

from jingwei.accounts.scope import acting
from jingwei.bulletins import services
from jingwei.bulletins.models import Paper, Template
from jingwei.bulletins.template_checking import check
from jingwei.bulletins.template_making import own_template
from jingwei.core.models import JournalEntry
from jingwei.core.permissions import NotPermitted, Role
from jingwei.core.refusal import Refused
from tests.bulletins.quarters import ISSUED, Quarters, content_of, make


def edited(*texts: str) -> bytes:
    """A plain document with these paragraphs."""
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(name: str, content: bytes) -> bytes:
    """The own template with one more part in it."""
    out = io.BytesIO(own_template())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(name, content)
    return out.getvalue()


def upload(quarters: Quarters, content: bytes) -> Template:
    with acting(quarters.clerk):
        return services.upload_template(
            kind="bulletin", content=content, name="我市.docx", by=quarters.clerk, on=ISSUED
        )


def test_the_own_template_passes_its_own_trial() -> None:
    check(own_template())


def test_a_city_s_template_shapes_the_next_bulletin(quarters: Quarters) -> None:
    upload(
        quarters,
        edited(
            "安澜市的版式",
            "{{ title }}",
            "{%p for row in table.rows %}",
            "{{ row.name }}：{{ row.base }}",
            "{%p endfor %}",
        ),
    )
    word = Document(content_of(make(quarters, Paper.Kind.BULLETIN), "docx"))
    assert [line.text for line in word.paragraphs] == [
        "安澜市的版式", "关于 2026 年第三季度“两个覆盖”进展的通报", "书院街道※：12", "临江街道※：7", "高新产业园※：4",
    ]  # fmt: skip


def test_a_template_taken_back_gives_the_own_one_its_place_again(quarters: Quarters) -> None:
    held = upload(quarters, edited("{{ title }}"))
    with acting(quarters.clerk):
        services.remove_template(template=held, by=quarters.clerk, on=ISSUED)
    assert len(Document(content_of(make(quarters, Paper.Kind.BULLETIN), "docx")).tables) == 2
    verbs = JournalEntry.objects.filter(subject_type="template").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["template.upload", "template.remove"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (edited("{{ titel }}"), "不认识的占位符：titel"),
        (edited("{{ table.totl.base }}"), "不认识的占位符：totl"),
        (edited("{%p for row in table.rows %}", "{{ row.bass }}", "{%p endfor %}"), "不认识的占位符：bass"),
        (edited("{{ title"), "写法有误"),
        (edited("没有占位符"), "没有占位符"),
        (b"no zip", "不能作为模板打开"),
        (repacked("word/vbaProject.bin", b"x"), "宏"),
        (
            repacked(
                "word/_rels/x.rels", b'<Relationship Type="a/attachedTemplate" TargetMode="External" Target="x"/>'
            ),
            "外部文件",
        ),
        (b"PK" + b"0" * (6 * 2**20), "超过 5 MB"),
    ],
)
def test_a_template_that_cannot_serve_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        check(content)


@pytest.mark.parametrize(
    "text",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{% for i in range(9) %}{{ title }}{% endfor %}",
        "{{ title }}{{ cycler.__init__.__globals__ }}",
    ],
)
def test_a_template_reaches_nothing_but_the_fields(text: str) -> None:
    with pytest.raises(Refused):
        check(edited(text))


def test_only_a_clerk_of_the_whole_city_changes_the_template(quarters: Quarters) -> None:
    for actor in (
        quarters.city.actor(Role.CLERK, place=quarters.city.county),
        quarters.city.actor(Role.SOCIAL_WORK_DEPARTMENT, place=quarters.city.city),
    ):
        with acting(actor), pytest.raises(NotPermitted):
            services.upload_template(kind="bulletin", content=edited("{{ title }}"), name="x.docx", by=actor, on=ISSUED)


def test_tables_have_no_word_template(quarters: Quarters) -> None:
    with acting(quarters.clerk), pytest.raises(Refused, match="只有通报"):
        services.upload_template(
            kind="monthly", content=edited("{{ title }}"), name="x.docx", by=quarters.clerk, on=ISSUED
        )
