"""Every write of the registrations: the keys they are matched by, registrations themselves, systems' tokens."""

from jingwei.registrations.services.keeping import (
    follow_journal,
    keep_basis,
    key_differences,
    rebuild_keys,
    store_rows,
)
from jingwei.registrations.services.registering import (
    Duplicate,
    KeyReused,
    hand_over,
    register,
    values_of,
    withdraw,
)
from jingwei.registrations.services.tokens import issue_token, revoke_token

__all__ = [
    "Duplicate",
    "KeyReused",
    "follow_journal",
    "hand_over",
    "issue_token",
    "keep_basis",
    "key_differences",
    "rebuild_keys",
    "register",
    "revoke_token",
    "store_rows",
    "values_of",
    "withdraw",
]
