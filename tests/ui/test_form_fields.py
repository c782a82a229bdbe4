"""Fields say what they want, what is wrong and which control it is about, for eyes and for ears."""

import pytest
from django import forms

from tests.ui.marks import Element, read, render


class Form(forms.Form):
    name = forms.CharField(label="名称", help_text="以登记为准")
    note = forms.CharField(label="说明", required=False)
    state = forms.ChoiceField(label="状态", choices=[("a", "存续"), ("b", "注销")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="我已核对")
    file = forms.FileField(label="名单")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("两处矛盾")


@pytest.fixture
def refused() -> Form:
    form = Form({"name": "<b>"})
    assert not form.is_valid()
    return form


def shown(form: Form, name: str) -> Element:
    return read(render("{% field bound %}", bound=form[name]))


def test_a_label_belongs_to_its_control() -> None:
    for name in ("name", "note", "file", "sure"):
        field = shown(Form(), name)
        (label,), (control,) = field.all("label"), field.all("input")
        assert label.attributes["for"] == control.attributes["id"], name


def test_a_group_has_a_legend_and_each_choice_its_label() -> None:
    (group,) = shown(Form(), "state").all("fieldset")
    assert group.all("legend")[0].text == "状态"
    assert [label.text.strip() for label in group.all("label")] == ["存续", "注销"]


def test_only_optional_fields_say_so() -> None:
    assert {name for name in Form().fields if "选填" in shown(Form(), name).text} == {"note"}


def test_a_hidden_field_is_its_control_alone() -> None:
    field = shown(Form(), "token")
    assert (field.text.strip(), len(field.inside)) == ("", 1)


def test_an_error_is_an_icon_and_a_sentence_that_the_control_points_to(refused: Form) -> None:
    field = shown(refused, "file")
    (problem,) = field.all("p")[-1:]
    assert problem.all("use")[0].attributes["href"].endswith("#i-alert-circle")
    assert problem.text.strip() == refused.errors["file"][0]
    (control,) = field.all("input")
    assert control.attributes["aria-invalid"] == "true"
    assert field_with_id(field, "id_file_error").text.strip() == problem.text.strip()
    assert "id_file_error" in control.attributes["aria-describedby"].split()


def test_a_group_s_error_is_announced_with_the_group(refused: Form) -> None:
    (group,) = shown(refused, "state").all("fieldset")
    assert group.attributes["aria-describedby"] == "id_state_error"
    assert field_with_id(group, "id_state_error").text.strip() == refused.errors["state"][0]


def test_a_hint_is_announced_with_the_control() -> None:
    field = shown(Form(), "name")
    assert field_with_id(field, "id_name_helptext").text == "以登记为准"
    assert field.all("input")[0].attributes["aria-describedby"] == "id_name_helptext"


def test_what_was_typed_comes_back_escaped(refused: Form) -> None:
    assert shown(refused, "name").all("input")[0].attributes["value"] == "<b>"


def test_the_summary_counts_all_problems_and_leads_to_their_fields(refused: Form) -> None:
    html = render("{% error_summary form %}", form=refused)
    summary = read(html)
    assert "有 4 处需要修改" in summary.text
    assert summary.all("div")[0].attributes["role"] == "alert"
    links = {link.attributes["href"]: link.text for link in summary.all("a")}
    assert links == {"#id_state": "状态", "#id_sure": "我已核对", "#id_file": "名单"}
    ids = {element for name in refused.fields for element in ids_in(shown(refused, name))}
    assert {target.removeprefix("#") for target in links} <= ids
    assert "两处矛盾" in summary.text


def test_a_form_without_problems_has_no_summary() -> None:
    assert render("{% error_summary form %}", form=Form()).strip() == ""


def test_the_stepper_marks_what_is_done_and_where_one_is() -> None:
    steps = read(render("{% stepper 2 %}")).all("li")
    assert [step.attributes.get("aria-current") for step in steps] == [None, "step", None]
    assert steps[0].all("svg")[0].attributes["aria-label"] == "已完成"
    assert [step.text.split()[-1].lstrip("0123456789") for step in steps] == ["读取", "核对", "入库"]


def ids_in(root: Element) -> set[str]:
    found = {root.attributes["id"]} if "id" in root.attributes else set()
    return found.union(*(ids_in(element) for element in root.inside))


def field_with_id(root: Element, name: str) -> Element:
    found = [
        element for tag in ("div", "p", "fieldset") for element in root.all(tag) if element.attributes.get("id") == name
    ]
    assert len(found) == 1, f"{len(found)} elements have the id {name}"
    return found[0]
