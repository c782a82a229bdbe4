"""The lists of departments the intake knows, and the columns each of them brings.

A field name means the same thing in every list, so that later stages need not know the department.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class ListKind(StrEnum):
    """One kind of list; the value is stored with every batch."""

    MARKET = "market"
    TAX = "tax"
    SOCIAL = "social_insurance"
    CIVIL = "civil_affairs"
    JUSTICE = "justice"
    PARTY_ORG = "party_organizations"
    PARTY_COUNT = "party_member_counts"


class FieldType(StrEnum):
    """What the text of a field is checked as."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    COUNT = "count"
    PERSON = "person"
    PHONE = "phone"
    ADDRESS = "address"
    MONEY = "money"
    NAME_LIST = "name_list"


class RowNote(StrEnum):
    """What the reader saw about a row before anybody looked at its fields."""

    TOTAL = "total"
    REPEATED_HEADER = "repeated_header"
    FOOTER = "footer"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    STRAY_QUOTE = "stray_quote"


@dataclass(frozen=True)
class Field:
    """One column: canonical name, its usual header, further headers seen, and the type of its text.

    `personal` marks data about a natural person, which later stages keep apart.
    """

    name: str
    zh: str
    aliases: tuple[str, ...]
    type: FieldType
    personal: bool = False


@dataclass(frozen=True)
class ListDefinition:
    """One list. A row needs a usable value in `name_field` or in `code_field`."""

    kind: ListKind
    zh: str
    department_zh: str
    fields: tuple[Field, ...]
    name_field: str
    code_field: str | None

    @property
    def key_fields(self) -> tuple[str, ...]:
        """The fields of which at least one must have a column."""
        return (self.name_field,) if self.code_field is None else (self.name_field, self.code_field)

    def field(self, name: str) -> Field:
        """The field of this canonical name; KeyError if the list has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


# Headers seen for one meaning in any department's files, separated by spaces.
_ANY_NAME = (
    "名称 单位名称 企业名称 公司名称 机构名称 组织名称 企业全称 单位全称 企业（机构）名称 市场主体名称 "
    "主体名称 经营主体名称 户名 字号名称 全称"
)
_ANY_CODE = (
    "统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 信用代码证号 社会统一信用代码 "
    "统一社会信用代码/注册号 注册号/统一社会信用代码 统一社会信用码 统一社会信用代码证号 "
    "统一社会信用代码号 统一社会信用编码 机构代码 uscc"
)
_ANY_PERSON = (
    "法定代表人 法人 法人代表 负责人 法定代表人姓名 法人姓名 负责人姓名 企业法人 法定代表人/负责人 "
    "法定代表人或负责人 法定代表人（负责人） 法人（负责人） 经营者 经营者姓名 投资人 执行事务合伙人"
)
_ANY_ADDRESS = (
    "住所 地址 单位地址 注册地址 企业地址 生产经营地址 经营地址 经营场所 住所地 注册地 营业场所 "
    "主要经营场所 办公地址 详细地址 企业住所 机构地址 通讯地址 住址 住所（经营场所）"
)
_ANY_PHONE = "联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 联系人电话"
_ANY_FOUNDED = "成立日期 成立时间 注册日期 设立日期 登记日期 成立登记日期 批准日期"


def _field(name: str, zh: str, kind: FieldType, aliases: str, personal: bool = False) -> Field:
    others = tuple(alias for alias in dict.fromkeys(aliases.split()) if alias != zh)
    return Field(name, zh, others, kind, personal)


def _name(zh: str, aliases: str = "") -> Field:
    return _field("name", zh, FieldType.TEXT, f"{aliases} {_ANY_NAME}")


def _code(zh: str = "统一社会信用代码", aliases: str = "") -> Field:
    return _field("uscc", zh, FieldType.CODE, f"{aliases} {_ANY_CODE}")


def _person(zh: str) -> Field:
    return _field("legal_representative", zh, FieldType.PERSON, _ANY_PERSON, personal=True)


def _address(zh: str) -> Field:
    return _field("address", zh, FieldType.ADDRESS, _ANY_ADDRESS)


def _phone() -> Field:
    return _field("phone", "联系电话", FieldType.PHONE, _ANY_PHONE, personal=True)


def _founded(aliases: str = "") -> Field:
    return _field("founded_on", "成立日期", FieldType.DATE, f"{aliases} {_ANY_FOUNDED}")


def _text(name: str, zh: str, aliases: str) -> Field:
    return _field(name, zh, FieldType.TEXT, aliases)


def _count(name: str, zh: str, aliases: str) -> Field:
    return _field(name, zh, FieldType.COUNT, aliases)


_DEFINITIONS = (
    ListDefinition(
        ListKind.MARKET,
        "市场监管",
        "市场监督管理部门",
        (
            _name("企业名称"),
            _code(),
            _field(
                "registration_number",
                "注册号",
                FieldType.CODE,
                "工商注册号 营业执照注册号 营业执照号 执照注册号 注册号码 登记注册号",
            ),
            _person("法定代表人"),
            _address("住所"),
            _phone(),
            _text("registrar", "登记机关", "登记机关名称 注册机关 登记部门"),
            _founded(),
            _text(
                "company_type",
                "企业类型",
                "登记注册类型 市场主体类型 公司类型 主体类型 企业（机构）类型 经济性质",
            ),
            _text("industry_code", "行业代码", "行业 行业门类 所属行业"),
            _text("state", "登记状态", "企业状态 经营状态 状态 登记状况 存续状态"),
            _field("capital", "注册资本", FieldType.MONEY, "注册资金 出资额 注册资本（金）"),
            _text("business_scope", "经营范围", "业务范围 主营业务"),
            _field("former_names", "曾用名", FieldType.NAME_LIST, "曾用名称 原名称 历史名称"),
        ),
        "name",
        "uscc",
    ),
    ListDefinition(
        ListKind.TAX,
        "税务",
        "税务部门",
        (
            _name("纳税人名称", "纳税人全称 纳税人"),
            _code("纳税人识别号", "税号 识别号 纳税人税号 社会信用代码（纳税人识别号）"),
            _person("法人"),
            _address("生产经营地址"),
            _phone(),
            _count("staff", "从业人数", "从业人员 从业人员数 从业人员人数 职工人数"),
            _text("tax_office", "主管税务所", "主管税务机关 税务所 主管税务分局 主管税务局"),
            _text("company_type", "登记注册类型", "企业类型 注册类型"),
        ),
        "name",
        "uscc",
    ),
    ListDefinition(
        ListKind.SOCIAL,
        "社保",
        "社会保险经办机构",
        (
            _name("单位名称", "参保单位名称 参保单位"),
            _code(),
            _count("insured", "参保人数", "参保职工人数 缴费人数 在保人数 参保人员数 养老参保人数"),
            _address("单位地址"),
            _phone(),
        ),
        "name",
        "uscc",
    ),
    ListDefinition(
        ListKind.CIVIL,
        "民政",
        "民政部门",
        (
            _name("社会组织名称", "社团名称 社会团体名称 民办非企业单位名称"),
            _code(),
            _text("organization_type", "类型", "社会组织类型 组织类型 类别"),
            _text("supervisor", "业务主管单位", "主管单位 业务主管部门"),
            _person("法定代表人"),
            _address("住所"),
            _phone(),
            _text("registrar", "登记机关", "登记管理机关 登记部门"),
            _founded(),
            _text("state", "登记状态", "状态 登记状况"),
        ),
        "name",
        "uscc",
    ),
    ListDefinition(
        ListKind.JUSTICE,
        "司法",
        "司法行政部门",
        (
            _name("机构名称", "律师事务所名称 律所名称 事务所名称 法律服务所名称"),
            _code(),
            _field("license_number", "执业许可证号", FieldType.CODE, "许可证号 执业证号 执业许可证号码"),
            _person("负责人"),
            _address("住所"),
            _phone(),
            _count("lawyers", "执业律师数", "律师人数 律师数 执业律师人数 执业人数"),
        ),
        "name",
        "uscc",
    ),
    ListDefinition(
        ListKind.PARTY_ORG,
        "党组织",
        "两新工委",
        (
            _text("organization_name", "党组织名称", "党支部名称 支部名称 党组织全称 组织名称 党组织"),
            _text("form", "组建方式", "组建形式 建立方式 党组织形式"),
            _text("superior", "上级党组织", "上级党组织名称 隶属党组织 上级组织"),
            _founded("组建日期 建立日期 组建时间"),
            _field(
                "covered_units",
                "覆盖单位",
                FieldType.NAME_LIST,
                "覆盖企业 所覆盖单位 覆盖单位名称 覆盖两新组织 覆盖单位名单",
            ),
        ),
        "organization_name",
        None,
    ),
    ListDefinition(
        ListKind.PARTY_COUNT,
        "党员数",
        "两新工委",
        (
            _name("单位名称"),
            _code(),
            _count("full_members", "正式党员数", "正式党员 正式党员人数 党员数 党员人数"),
            _count("probationary_members", "预备党员数", "预备党员 预备党员人数"),
        ),
        "name",
        "uscc",
    ),
)

LISTS: Mapping[ListKind, ListDefinition] = MappingProxyType(
    {definition.kind: definition for definition in _DEFINITIONS}
)
