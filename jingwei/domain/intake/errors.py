"""Every error code a row or a field can carry, each with its sentence.

A code is stable: it is stored with the rejected row, shown to the clerk and counted in reports.
The letter says what the code is about: C code, N name, G registration number, D date, Q count,
M money, H phone, X any other field, R the row as a whole.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class ErrorCode(StrEnum):
    """The closed list of error codes; the codes of `uscc.CodeError` are among them."""

    C_EMPTY = "C-EMPTY"
    C_PLACEHOLDER = "C-PLACEHOLDER"
    C_SCIENTIFIC = "C-SCIENTIFIC"
    C_LOST_DIGITS = "C-LOST-DIGITS"
    C_LENGTH = "C-LENGTH"
    C_CHARSET = "C-CHARSET"
    C_CHECK_ORG = "C-CHECK-ORG"
    C_CHECK_USCC = "C-CHECK-USCC"
    C_REGISTRATION = "C-REGISTRATION"
    C_OLD_TAX = "C-OLD-TAX"
    C_ORGANIZATION = "C-ORGANIZATION"
    C_IS_NAME = "C-IS-NAME"
    N_EMPTY = "N-EMPTY"
    N_PLACEHOLDER = "N-PLACEHOLDER"
    N_GARBLED = "N-GARBLED"
    N_IS_CODE = "N-IS-CODE"
    N_TOO_SHORT = "N-TOO-SHORT"
    N_TOO_LONG = "N-TOO-LONG"
    G_FORMAT = "G-FORMAT"
    D_FORMAT = "D-FORMAT"
    D_RANGE = "D-RANGE"
    D_FUTURE = "D-FUTURE"
    Q_NOT_A_COUNT = "Q-NOT-A-COUNT"
    Q_NEGATIVE = "Q-NEGATIVE"
    Q_APPROXIMATE = "Q-APPROXIMATE"
    Q_TOO_LARGE = "Q-TOO-LARGE"
    M_FORMAT = "M-FORMAT"
    M_NO_UNIT = "M-NO-UNIT"
    H_FORMAT = "H-FORMAT"
    X_PLACEHOLDER = "X-PLACEHOLDER"
    X_GARBLED = "X-GARBLED"
    R_NO_KEY = "R-NO-KEY"
    R_TOTAL = "R-TOTAL"
    R_REPEATED_HEADER = "R-REPEATED-HEADER"
    R_FOOTER = "R-FOOTER"
    R_TOO_MANY_CELLS = "R-TOO-MANY-CELLS"
    R_TOO_FEW_CELLS = "R-TOO-FEW-CELLS"
    R_STRAY_QUOTE = "R-STRAY-QUOTE"


# {field} is the Chinese name of the field; {position} and {expected} belong to check characters.
MESSAGES: Mapping[ErrorCode, str] = MappingProxyType(
    {
        ErrorCode.C_EMPTY: "{field}为空",
        ErrorCode.C_PLACEHOLDER: "{field}填的是占位内容，不是代码",
        ErrorCode.C_SCIENTIFIC: "{field}被表格软件改成了科学计数法，原号码已丢失，请从原系统重新导出为文本",
        ErrorCode.C_LOST_DIGITS: "{field}被表格软件当作数字，第 15 位以后变成了 0，请从原系统重新导出为文本",
        ErrorCode.C_LENGTH: "{field}不是 18 位",
        ErrorCode.C_CHARSET: "{field}第 {position} 位的字符不会出现在该位置（代码不用 I、O、S、V、Z）",
        ErrorCode.C_CHECK_ORG: "{field}第 17 位（组织机构代码校验位）应为 {expected}",
        ErrorCode.C_CHECK_USCC: "{field}第 18 位（校验位）应为 {expected}",
        ErrorCode.C_REGISTRATION: "{field}填的是 15 位旧注册号，按注册号保存",
        ErrorCode.C_OLD_TAX: "{field}填的是 15 位旧税号，只取其中的组织机构代码",
        ErrorCode.C_ORGANIZATION: "{field}填的是 9 位组织机构代码，不是 18 位代码",
        ErrorCode.C_IS_NAME: "{field}填的像是名称，请检查各列是否错位",
        ErrorCode.N_EMPTY: "{field}为空",
        ErrorCode.N_PLACEHOLDER: "{field}填的是占位内容，不是名称",
        ErrorCode.N_GARBLED: "{field}含乱码，请检查文件编码后重新导出",
        ErrorCode.N_IS_CODE: "{field}填的像是号码，请检查各列是否错位",
        ErrorCode.N_TOO_SHORT: "{field}只有一个字",
        ErrorCode.N_TOO_LONG: "{field}过长，可能是几列或几行连在了一起",
        ErrorCode.G_FORMAT: "{field}不是有效的 15 位注册号",
        ErrorCode.D_FORMAT: "{field}不是可识别的日期，请写成 2019-01-02 的形式",
        ErrorCode.D_RANGE: "{field}不在合理的年份内，可能是系统默认值",
        ErrorCode.D_FUTURE: "{field}晚于今天",
        ErrorCode.Q_NOT_A_COUNT: "{field}不是整数",
        ErrorCode.Q_NEGATIVE: "{field}不能是负数",
        ErrorCode.Q_APPROXIMATE: "{field}是约数",
        ErrorCode.Q_TOO_LARGE: "{field}大得不合理",
        ErrorCode.M_FORMAT: "{field}不是可识别的金额",
        ErrorCode.M_NO_UNIT: "{field}没有写明单位（元或万元）",
        ErrorCode.H_FORMAT: "{field}不是可识别的电话号码",
        ErrorCode.X_PLACEHOLDER: "{field}填的是占位内容",
        ErrorCode.X_GARBLED: "{field}含乱码，请检查文件编码后重新导出",
        ErrorCode.R_NO_KEY: "本行既没有可用的名称，也没有可用的代码",
        ErrorCode.R_TOTAL: "本行是合计行，不是一个单位",
        ErrorCode.R_REPEATED_HEADER: "本行重复了表头",
        ErrorCode.R_FOOTER: "本行是表尾的填表说明，不是一个单位",
        ErrorCode.R_TOO_MANY_CELLS: "本行比表头多出单元格，各列可能错位",
        ErrorCode.R_TOO_FEW_CELLS: "本行比表头少单元格，缺少的按空处理",
        ErrorCode.R_STRAY_QUOTE: "本行的引号不成对，已按原样保留",
    }
)
