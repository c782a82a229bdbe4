"""Shapes of what the account pages send."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils import timezone

from jingwei.accounts.models import User
from jingwei.bodies.models import Body
from jingwei.core.permissions import ROLES, Role
from jingwei.core.verbs import VERB_LABELS
from jingwei.places.models import Place

ROLE_CHOICES = [(role.value, ROLES[role].zh) for role in Role]


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class LoginForm(AuthenticationForm):
    """Log-in name and password. Which of the two was wrong is not told."""

    error_messages = {"invalid_login": "登录名或密码不对，请重新输入。", "inactive": "登录名或密码不对，请重新输入。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "密码"


class TokenForm(forms.Form):
    """One code: six digits of the phone, or a printed recovery code."""

    token = forms.CharField(
        label="动态码",
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "off"}),
    )


class PasswordForm(PasswordChangeForm):
    """The password of today and, twice, the new one."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "原密码不对。",
        "password_mismatch": "两次输入的新密码不一致。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"old_password": "原密码", "new_password1": "新密码", "new_password2": "再输一次新密码"}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["new_password1"].help_text = "至少 12 位，不要用常见密码或登录名。"
        self.fields["new_password2"].help_text = ""
        self.fields["old_password"].widget.attrs.pop("autofocus", None)


class UserFilterForm(forms.Form):
    """Filters of the list of users."""

    q = forms.CharField(label="姓名或登录名", required=False, max_length=40)
    role = forms.ChoiceField(label="身份", choices=[("", "全部"), *ROLE_CHOICES], required=False)
    state = forms.ChoiceField(
        label="状态", choices=[("active", "启用"), ("inactive", "停用"), ("all", "全部")], required=False
    )


class NamedPlaceField(forms.CharField):
    """A place by its name or one of its codes."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        today = timezone.localdate()
        found = Place.objects.active_on(today).defer("boundary")
        coded = found.filter(codes__code=text, codes__valid__contains=today)
        named = list(coded[:2]) or list(found.filter(name=text)[:2])
        if len(named) > 1:
            raise forms.ValidationError(f"有几个“{text}”，请填代码。")
        if not named:
            raise forms.ValidationError(f"没有名称或代码为“{text}”的区划或载体。")
        return named[0]


class NamedBodyField(forms.CharField):
    """A body by its full or short name."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = Body.objects.active_on(timezone.localdate()).select_related("place")
        named = list(found.filter(name=text)[:2]) or list(found.filter(short_name=text)[:2])
        if len(named) > 1:
            raise forms.ValidationError(f"有几个“{text}”，请填全称。")
        if not named:
            raise forms.ValidationError(f"没有名为“{text}”的机构。")
        return named[0]


class NewUserForm(forms.Form):
    """A new account; the initial password is made by the machine."""

    username = forms.CharField(label="登录名", max_length=40, help_text="小写字母开头，只含小写字母、数字和 . _ -")
    name = forms.CharField(label="姓名", max_length=40)
    title = forms.CharField(label="职务", max_length=60, required=False)
    body = NamedBodyField(label="单位", max_length=80, required=False, help_text="机构的全称或简称")


class GrantForm(forms.Form):
    """A role over a place or for a body, with its days and its basis."""

    role = forms.ChoiceField(label="身份", choices=ROLE_CHOICES)
    place = NamedPlaceField(label="区域", max_length=60, required=False, help_text="名称或代码，如 书院街道")
    body = NamedBodyField(label="机构", max_length=80, required=False, help_text="行业党委等按机构授权时填写")
    since = day_field("起始日期")
    until = day_field("截止日期", required=False, help_text="最后一天；不填为长期")
    reason = forms.CharField(label="依据", max_length=120, help_text="任职文件、分工通知等")


class ReasonForm(forms.Form):
    """Why, and the log-in name typed once more, for acts on somebody's account."""

    reason = forms.CharField(label="原因", max_length=120)
    confirmation = forms.CharField(label="确认", max_length=40)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._username = user.username
        self.fields["confirmation"].label = f"请输入登录名“{user.username}”确认"

    def clean_confirmation(self) -> str:
        if self.cleaned_data["confirmation"].strip() != self._username:
            raise forms.ValidationError("与登录名不一致。")
        return self._username


class JournalFilterForm(forms.Form):
    """Filters of the journal."""

    actor = forms.CharField(label="操作人", required=False, max_length=80)
    verb = forms.ChoiceField(label="动作", choices=[("", "全部"), *VERB_LABELS.items()], required=False)
    since = day_field("起", required=False)
    until = day_field("止", required=False)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
