"""What the intake refuses to do, said so that the person at the desk knows the way out."""

from jingwei.core.refusal import Refused


class IntakeRefused(Refused):
    """A step that cannot be taken now. ``message_zh`` says why, ``hint_zh`` what to do instead."""

    def __init__(self, message_zh: str, hint_zh: str = "") -> None:
        super().__init__(message_zh)
        self.message_zh = message_zh
        self.hint_zh = hint_zh


class CommitCancelled(IntakeRefused):
    """Somebody gave the batch up while it was being stored; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__("本批已被放弃，没有写入任何行", "需要时请重新上传文件")


class KeyDestroyed(IntakeRefused):
    """The key of a batch's personal columns is gone: they cannot be read again."""

    def __init__(self) -> None:
        super().__init__("本批的个人信息已经销毁，无法再读出", "如确有需要，请向提供部门重新取得名单")


class KeyMissing(IntakeRefused):
    """A batch's key was wrapped by another installation key than the one at hand."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"找不到编号为 {key_id} 的主密钥", "请管理员从密钥备份中恢复 secrets.json 后重试")
