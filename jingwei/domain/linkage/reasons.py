"""Why a row belongs to an entity: the closed list of grounds (依据) that links and doubts may carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Basis(StrEnum):
    """Stable code of a ground."""

    OWN = "own"
    CODE_DUPLICATE = "code_duplicate"
    IDENTICAL_ROW = "identical_row"
    CODE_EXACT = "code_exact"
    CODE_ONLY = "code_only"
    REGISTRATION_NUMBER = "registration_number"
    ORGANIZATION_CODE = "organization_code"
    CODE_REPAIR = "code_repair"
    NAME_EVIDENCE = "name_evidence"
    FORMER_NAME = "former_name"
    NAME_AREA = "name_area"
    NAME_UNIQUE = "name_unique"
    NAME_CORE = "name_core"
    DECIDED = "decided"
    SCORED = "scored"
    NAME_OTHER_CODE = "name_other_code"
    COVERED_UNIT = "covered_unit"
    CODE_SHARED = "code_shared"
    CODE_UNGUARDED = "code_unguarded"
    CODE_CONFLICT = "code_conflict"
    NAME_DOUBTFUL = "name_doubtful"
    AMBIGUOUS = "ambiguous"
    UNIT_UNKNOWN = "unit_unknown"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a ground means to a clerk.

    `links` tells whether the row joins the entity of another row; `review` whether a person has to
    look (待核); `batch` whether all rows of this ground may be approved together, because the ground
    rests on fixed rules alone. `score` is the share of such links expected to be right, before the
    evidence of the single pair is added; it orders work and is no probability.
    """

    basis: Basis
    zh: str
    description: str
    score: float
    links: bool
    review: bool
    batch: bool


_REASONS = (
    Reason(Basis.OWN, "自成一户", "没有可并入的登记记录，按本名单自成一户", 1.0, False, False, True),
    Reason(
        Basis.CODE_DUPLICATE,
        "同名单代码重复",
        "同一名单中代码相同且名称相符，是同一单位的重复行",
        0.98,
        True,
        False,
        True,
    ),
    Reason(
        Basis.IDENTICAL_ROW,
        "同名单内容重复",
        "同一名单中名称、人员、地址等已知内容全部相同，是同一单位的重复行",
        0.95,
        True,
        False,
        True,
    ),
    Reason(
        Basis.CODE_EXACT,
        "代码一致",
        "统一社会信用代码有效且相同，并有名称、人员、电话或地址之一相符",
        0.98,
        True,
        False,
        True,
    ),
    Reason(
        Basis.CODE_ONLY,
        "仅代码一致",
        "统一社会信用代码有效且相同，但本行没有名称，无其他内容可对照",
        0.9,
        True,
        True,
        True,
    ),
    Reason(
        Basis.REGISTRATION_NUMBER,
        "旧注册号一致",
        "15 位旧注册号相同，并有名称、人员、电话或地址之一相符",
        0.97,
        True,
        False,
        True,
    ),
    Reason(
        Basis.ORGANIZATION_CODE,
        "旧税号组织机构代码一致",
        "旧税号或代码中的 9 位组织机构代码相同，并有名称、人员、电话或地址之一相符",
        0.96,
        True,
        False,
        True,
    ),
    Reason(
        Basis.CODE_REPAIR,
        "代码错一位",
        "代码改正一个字符后与唯一一户相同，并有名称、人员、电话或地址之一相符",
        0.95,
        True,
        False,
        True,
    ),
    Reason(
        Basis.NAME_EVIDENCE,
        "名称与人员电话地址一致",
        "规范化名称相同，并有法定代表人、电话或地址之一相符，代码不冲突",
        0.94,
        True,
        False,
        True,
    ),
    Reason(
        Basis.FORMER_NAME,
        "曾用名一致",
        "名称与对方的曾用名相同，地区或人员、电话、地址相符，代码不冲突",
        0.93,
        True,
        False,
        True,
    ),
    Reason(
        Basis.NAME_AREA,
        "名称与地区一致",
        "规范化名称相同且地区相同，同名的只有这一户，代码不冲突",
        0.92,
        True,
        False,
        True,
    ),
    Reason(
        Basis.NAME_UNIQUE,
        "名称唯一",
        "规范化全称相同，登记名单中同名的只有这一户，代码不冲突",
        0.9,
        True,
        False,
        True,
    ),
    Reason(
        Basis.NAME_CORE,
        "字号与行业唯一",
        "去掉地名和组织形式后相同，登记名单中只有这一户，没有其他内容可对照",
        0.8,
        True,
        True,
        False,
    ),
    Reason(
        Basis.NAME_OTHER_CODE,
        "名称一致但代码属他户",
        "名称与本户一致，并有人员、电话或地址相符，所填代码却属于另一户（多见于分支机构填报总公司代码）",
        0.93,
        True,
        False,
        True,
    ),
    Reason(
        Basis.SCORED,
        "综合评分",
        "没有固定规则可用，按名称、人员、地址、电话等逐项比较的合计得分，明显高于其他各户",
        0.9,
        True,
        True,
        False,
    ),
    Reason(
        Basis.DECIDED,
        "人工判定",
        "经办人已判定与该户是同一主体",
        1.0,
        True,
        False,
        True,
    ),
    Reason(
        Basis.COVERED_UNIT,
        "覆盖单位",
        "党组织只覆盖一个单位，归入该单位",
        0.95,
        True,
        False,
        True,
    ),
    Reason(
        Basis.CODE_SHARED,
        "同名单代码相同名称不符",
        "同一名单中代码相同而名称不符（多见于分支机构填报总公司代码），单独成户待核",
        0.5,
        False,
        True,
        False,
    ),
    Reason(
        Basis.CODE_UNGUARDED,
        "代码一致其他不符",
        "代码相同，但名称、人员、电话、地址均不相符，单独成户待核",
        0.5,
        False,
        True,
        False,
    ),
    Reason(
        Basis.CODE_CONFLICT,
        "名称一致代码不同",
        "名称与人员、电话或地址相符，但双方有效代码不同（可能是注销后重新登记），单独成户待核",
        0.4,
        False,
        True,
        False,
    ),
    Reason(
        Basis.NAME_DOUBTFUL,
        "名称相近待核",
        "名称相同或相近，但没有足够的其他内容佐证，单独成户待核",
        0.4,
        False,
        True,
        False,
    ),
    Reason(
        Basis.AMBIGUOUS,
        "多户相符",
        "有两户以上同样相符，无法判定是哪一户，单独成户待核",
        0.5,
        False,
        True,
        False,
    ),
    Reason(
        Basis.UNIT_UNKNOWN,
        "覆盖单位未找到",
        "党组织所列的覆盖单位在各名单中都没有找到",
        0.0,
        False,
        True,
        False,
    ),
    Reason(
        Basis.REJECTED,
        "未采用",
        "本行没有可用的名称和代码，或是合计、重复表头等非数据行",
        0.0,
        False,
        False,
        True,
    ),
)

REASONS: Mapping[Basis, Reason] = MappingProxyType({reason.basis: reason for reason in _REASONS})
