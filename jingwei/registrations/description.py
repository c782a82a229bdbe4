"""The interface described for machines (OpenAPI 3.1), with the fields that the lists define."""

from typing import Any

from jingwei.domain.lists import Field
from jingwei.registrations.intake import KINDS, LONGEST, fields_of
from jingwei.registrations.models import Registration

ANSWERS = {
    200: "比对结果；防重键已用过时，为当时保存的登记",
    201: "已保存登记",
    400: "格式不对，problems 逐项说明是哪个字段",
    401: "没有令牌，或令牌已停用",
    403: "账号没有登记权限，或属地不在管辖范围",
    405: "只接受 POST",
    409: "很可能重复而没有写明理由，或防重键已用于别的内容",
    422: "登记内容不能采用，problems 逐项说明",
    429: "次数过多，按 Retry-After 等待",
    503: "名册的比对键还没有建好",
}
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_NUMBER = {"type": ["number", "null"]}


def description() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "经纬 单条登记接口", "version": "1"},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
        "paths": {"/api/v1/registrations": {"post": _post()}},
    }


def _post() -> dict[str, Any]:
    return {
        "summary": "与全市名册比对一个单位；dry_run 为 false 时保存登记，等待经办入库",
        "parameters": [
            {
                "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 80},
                "description": "保存时必填；同一账号的同一个键只保存一次",
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _request()}}},
        "responses": {
            str(status): {"description": text, "content": {"application/json": {"schema": _answer(status)}}}
            for status, text in ANSWERS.items()
        },
    }  # fmt: skip


def _request() -> dict[str, Any]:
    fields = {name: _field(field) for kind in KINDS for name, field in fields_of(kind).items()}
    properties = {
        "kind": {"enum": [kind.value for kind in KINDS], "default": "market", "description": "按哪份名单登记"},
        "unit": {"type": "object", "properties": fields, "additionalProperties": False},
        "place": _TEXT | {"description": "属地的区划代码，保存时必填"},
        "dry_run": {"type": "boolean", "default": True, "description": "只比对，不保存"},
        "confirmed_distinct": _TEXT | {"description": "很可能重复而确认不是同一主体的理由"},
    }
    return {"type": "object", "required": ["unit"], "properties": properties, "additionalProperties": False}


def _field(field: Field) -> dict[str, Any]:
    return {"type": "string", "maxLength": LONGEST, "description": field.zh}


def _answer(status: int) -> dict[str, Any]:
    if status in (200, 201):
        return _found()
    shape = {"error": _TEXT, "message": _TEXT, "problems": {"type": "array", "items": {"type": "object"}}}
    return {"type": "object", "required": list(shape), "properties": shape}


def _found() -> dict[str, Any]:
    evidence = {"type": "object", "properties": {"text": _TEXT, "bits": {"type": "number"}}}
    candidate = {
        "in_scope": {"type": "boolean"}, "entity": {"type": ["integer", "null"]}, "url": {"type": ["string", "null"]},
        "name": _TEXT, "uscc": _TEXT, "place": _TEXT, "contact": _TEXT, "bits": _NUMBER, "likelihood": _NUMBER,
        "evidence": {"type": "array", "items": evidence},
    }  # fmt: skip
    shape = {
        "decision": {"enum": list(Registration.Decision.values)}, "decision_zh": _TEXT, "basis": _TEXT_OR_NULL,
        "basis_zh": _TEXT_OR_NULL, "needs_review": {"type": "boolean"},
        "candidates": {"type": "array", "items": {"type": "object", "properties": candidate}},
        "candidates_elsewhere": {"type": "integer"}, "flags": {"type": "array", "items": {"type": "object"}},
        "registration": {"type": ["object", "null"]},
    }  # fmt: skip
    return {"type": "object", "properties": shape}
