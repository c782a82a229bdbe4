"""Word templates of the city: taken in after a trial, taken back."""

from datetime import datetime

from django.db import transaction

from jingwei.bulletins.models import Paper, Template
from jingwei.bulletins.services.storing import keep
from jingwei.bulletins.template_checking import check
from jingwei.core import journal
from jingwei.core.permissions import Actor, NotPermitted, Permission, require
from jingwei.core.refusal import Refused

TEMPLATED = frozenset({Paper.Kind.BULLETIN})


@transaction.atomic
def upload_template(*, kind: str, content: bytes, name: str, by: Actor, on: datetime) -> Template:
    """Let an edited template stand in place of the product's own. It serves the whole city.

    Raises Refused where it cannot be read, or asks for something that a paper of the kind does not hold.
    """
    _require_city(by)
    if kind not in TEMPLATED:
        raise Refused("只有通报使用 Word 模板。")
    check(content)
    template = Template.objects.create(
        kind=kind, file=keep(content, name, by=by, on=on), uploaded_at=on, uploaded_by=by.name
    )
    _record("template.upload", template, by, on)
    return template


@transaction.atomic
def remove_template(*, template: Template, by: Actor, on: datetime) -> None:
    """Take a template back; the one before it, or the product's own, stands again. Its file is kept."""
    _require_city(by)
    _record("template.remove", template, by, on)
    template.delete()


def _require_city(by: Actor) -> None:
    require(by, Permission.BULLETIN_MAKE)
    if not by.everything:
        raise NotPermitted("模板供全市使用，由市级经办维护。", permission=Permission.BULLETIN_MAKE)


def _record(verb: str, template: Template, by: Actor, on: datetime) -> None:
    journal.record(
        verb=verb, subject_type="template", subject_id=template.pk, by=by, on=on, detail={"kind": template.kind}
    )
