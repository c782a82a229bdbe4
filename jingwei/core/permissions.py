"""What may be done, which role may do it, and who is doing it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Permission(StrEnum):
    """One act that the product guards. The value is stored in the journal of refusals."""

    ROSTER_VIEW = "roster.view"
    ROSTER_EXPORT = "roster.export"
    FACT_CORRECT = "fact.correct"
    BATCH_VIEW = "batch.view"
    BATCH_IMPORT = "batch.import"
    BATCH_COMMIT = "batch.commit"
    REGISTRATION_SAVE = "registration.save"
    LINK_APPROVE = "link.approve"
    PLACEMENT_DECIDE = "placement.decide"
    OWNERSHIP_DECIDE = "ownership.decide"
    PLACES_VIEW = "places.view"
    PLACES_EDIT = "places.edit"
    BODIES_VIEW = "bodies.view"
    BODIES_EDIT = "bodies.edit"
    USERS_VIEW = "users.view"
    GRANTS_EDIT = "grants.edit"
    JOURNAL_VIEW = "journal.view"
    PERSONAL_REVEAL = "personal.reveal"
    PARAMETERS_EDIT = "parameters.edit"
    HOLIDAYS_EDIT = "holidays.edit"
    OWN_RECORD_VIEW = "own_record.view"
    COVERING_DECIDE = "covering.decide"
    CAUSE_STATE = "cause.state"
    LETTER_ISSUE = "letter.issue"
    LETTER_ANSWER = "letter.answer"
    INDICATORS_VIEW = "indicators.view"
    SNAPSHOT_TAKE = "snapshot.take"
    MONTH_CONFIRM = "month.confirm"
    BULLETIN_MAKE = "bulletin.make"
    BULLETIN_SIGN = "bulletin.sign"


PERMISSION_LABELS = {
    Permission.ROSTER_VIEW: "查看名册",
    Permission.ROSTER_EXPORT: "导出名册",
    Permission.FACT_CORRECT: "更正事实",
    Permission.BATCH_VIEW: "查看导入批次",
    Permission.BATCH_IMPORT: "导入名单",
    Permission.BATCH_COMMIT: "确认入库",
    Permission.REGISTRATION_SAVE: "登记单位",
    Permission.LINK_APPROVE: "批准对碰结果",
    Permission.PLACEMENT_DECIDE: "确定落点",
    Permission.OWNERSHIP_DECIDE: "认定所有制",
    Permission.PLACES_VIEW: "查看区划",
    Permission.PLACES_EDIT: "维护区划",
    Permission.BODIES_VIEW: "查看机构",
    Permission.BODIES_EDIT: "维护机构",
    Permission.USERS_VIEW: "查看用户",
    Permission.GRANTS_EDIT: "授权",
    Permission.JOURNAL_VIEW: "查看日志",
    Permission.PERSONAL_REVEAL: "查看个人信息明文",
    Permission.PARAMETERS_EDIT: "维护参数",
    Permission.HOLIDAYS_EDIT: "维护节假日",
    Permission.OWN_RECORD_VIEW: "查看本人记录",
    Permission.COVERING_DECIDE: "确定党组织覆盖单位",
    Permission.CAUSE_STATE: "填写未建原因",
    Permission.LETTER_ISSUE: "发出提示函",
    Permission.LETTER_ANSWER: "登记提示函答复",
    Permission.INDICATORS_VIEW: "查看指标与通报",
    Permission.SNAPSHOT_TAKE: "生成月度快照",
    Permission.MONTH_CONFIRM: "确认本地月度数据",
    Permission.BULLETIN_MAKE: "生成统计表与通报",
    Permission.BULLETIN_SIGN: "签发统计表与通报",
}


class Role(StrEnum):
    """The five parts of the leadership system (C-049) and the posts that do the work."""

    LOCAL_PARTY_COMMITTEE = "local_party_committee"
    ORGANIZATION_DEPARTMENT = "organization_department"
    SOCIAL_WORK_DEPARTMENT = "social_work_department"
    INDUSTRY_REGULATOR = "industry_regulator"
    TERRITORIAL_BODY = "territorial_body"
    CLERK = "clerk"
    TOWN_ORGANIZER = "town_organizer"
    INDUSTRY_OFFICER = "industry_officer"
    BRANCH_SECRETARY = "branch_secretary"
    MEMBER = "member"
    VENUE_KEEPER = "venue_keeper"
    DISPATCHER = "dispatcher"
    RIDER = "rider"
    AUDITOR = "auditor"
    DATA_OFFICER = "data_officer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class RoleDescription:
    """A role's Chinese name, its permissions, and whether its log-in needs a second factor."""

    zh: str
    permissions: frozenset[Permission]
    staff: bool = True


_LOOK = frozenset({Permission.ROSTER_VIEW, Permission.PLACES_VIEW, Permission.BODIES_VIEW, Permission.INDICATORS_VIEW})
_WORK = _LOOK | {
    Permission.REGISTRATION_SAVE,
    Permission.ROSTER_EXPORT,
    Permission.BATCH_VIEW,
    Permission.PLACEMENT_DECIDE,
    Permission.CAUSE_STATE,
    Permission.LETTER_ANSWER,
}
_CLERK = _WORK | {
    Permission.BATCH_IMPORT,
    Permission.BATCH_COMMIT,
    Permission.LINK_APPROVE,
    Permission.OWNERSHIP_DECIDE,
    Permission.FACT_CORRECT,
    Permission.PLACES_EDIT,
    Permission.BODIES_EDIT,
    Permission.HOLIDAYS_EDIT,
    Permission.PERSONAL_REVEAL,
    Permission.COVERING_DECIDE,
    Permission.LETTER_ISSUE,
    Permission.SNAPSHOT_TAKE,
    Permission.BULLETIN_MAKE,
}
_OWN = frozenset({Permission.OWN_RECORD_VIEW})

ROLES = {
    Role.LOCAL_PARTY_COMMITTEE: RoleDescription("地方党委", _LOOK),
    Role.ORGANIZATION_DEPARTMENT: RoleDescription("组织部门", _LOOK | {Permission.ROSTER_EXPORT}),
    Role.SOCIAL_WORK_DEPARTMENT: RoleDescription(
        "社会工作部门", _WORK | {Permission.LINK_APPROVE, Permission.BULLETIN_SIGN}
    ),
    Role.INDUSTRY_REGULATOR: RoleDescription("行业主管部门", _LOOK),
    Role.TERRITORIAL_BODY: RoleDescription("属地党组织", _LOOK | {Permission.PLACEMENT_DECIDE}),
    Role.CLERK: RoleDescription("经办", _CLERK),
    Role.TOWN_ORGANIZER: RoleDescription("镇街组织员", _WORK | {Permission.MONTH_CONFIRM}),
    Role.INDUSTRY_OFFICER: RoleDescription("行业党委干事", _LOOK | {Permission.ROSTER_EXPORT}),
    Role.BRANCH_SECRETARY: RoleDescription("党组织书记", _OWN, staff=False),
    Role.MEMBER: RoleDescription("党员", _OWN, staff=False),
    Role.VENUE_KEEPER: RoleDescription("阵地管理员", _OWN, staff=False),
    Role.DISPATCHER: RoleDescription("诉求派单员", _OWN),
    Role.RIDER: RoleDescription("新就业群体", _OWN, staff=False),
    Role.AUDITOR: RoleDescription("审计员", frozenset({Permission.JOURNAL_VIEW, Permission.USERS_VIEW})),
    Role.DATA_OFFICER: RoleDescription(
        "数据管理员",
        _LOOK
        | {
            Permission.BATCH_VIEW,
            Permission.PLACES_EDIT,
            Permission.BODIES_EDIT,
            Permission.PARAMETERS_EDIT,
            Permission.HOLIDAYS_EDIT,
        },
    ),
    Role.ADMINISTRATOR: RoleDescription(
        "系统管理员",
        frozenset({Permission.USERS_VIEW, Permission.GRANTS_EDIT, Permission.BODIES_VIEW, Permission.PLACES_VIEW}),
    ),
}

# Separation of duties: whoever gives rights does not audit, and neither owns the data (privacy P-08).
EXCLUSIVE_ROLES = frozenset({Role.AUDITOR, Role.DATA_OFFICER, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Actor:
    """The person (or the machine's own operator) on whose behalf a service runs.

    The ids say what the actor may see: ``everything`` for a grant on the whole city, else the
    deepest places, overlays and bodies that his grants resolve to. ``county_ids``,
    ``town_ids`` and ``other_place_ids`` (communities and overlays) name the grants' own level, so
    that a list can use one index for each.
    """

    user_id: int | None
    name: str
    title: str = ""
    unit_name: str = ""
    permissions: frozenset[Permission] = frozenset()
    everything: bool = False
    place_ids: tuple[int, ...] = ()
    body_ids: tuple[int, ...] = ()
    county_ids: tuple[int, ...] = ()
    town_ids: tuple[int, ...] = ()
    other_place_ids: tuple[int, ...] = ()
    roles: frozenset[Role] = field(default=frozenset())

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def needs_second_factor(self) -> bool:
        """Staff roles log in with a second factor; outer roles do not."""
        return any(ROLES[role].staff for role in self.roles)

    def covers(self, *, place_id: int | None = None, body_id: int | None = None) -> bool:
        """Whether a row at this place or of this body lies in the actor's scope."""
        return self.everything or place_id in self.place_ids or body_id in self.body_ids


class NotPermitted(Exception):
    """The actor lacks a permission or the row lies outside his scope; shown as page 403."""

    def __init__(self, reason: str, *, permission: Permission | None = None, owner: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.permission = permission
        self.owner = owner


def require(actor: Actor, permission: Permission) -> None:
    """Raise ``NotPermitted`` unless the actor holds the permission."""
    if not actor.may(permission):
        raise NotPermitted(f"当前身份没有“{PERMISSION_LABELS[permission]}”的权限。", permission=permission)


def require_scope(
    actor: Actor, permission: Permission, *, place_id: int | None = None, body_id: int | None = None, owner: str = ""
) -> None:
    """Raise ``NotPermitted`` unless the actor holds the permission and covers the row."""
    require(actor, permission)
    if not actor.covers(place_id=place_id, body_id=body_id):
        raise NotPermitted("该记录不在你的管辖范围。", permission=permission, owner=owner)


def local_operator(name: str = "本机操作员") -> Actor:
    """The person at the server's own command line, who already controls the machine."""
    return Actor(user_id=None, name=name, permissions=frozenset(Permission), everything=True)
