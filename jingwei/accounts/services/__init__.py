"""Every write to users, grants, second factors and log-ins."""

from jingwei.accounts.services.demo import demo_code, enrol_demo_device
from jingwei.accounts.services.grants import grant, revoke
from jingwei.accounts.services.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    print_recovery_codes,
    reset_second_factor,
    seconds_to_wait,
    verify_second_factor,
)
from jingwei.accounts.services.sessions import note_login, note_logout
from jingwei.accounts.services.users import (
    change_password,
    create_user,
    deactivate_user,
    initial_password,
    note_view,
    reactivate_user,
    reset_password,
)

__all__ = [
    "begin_enrolment",
    "change_password",
    "confirm_enrolment",
    "create_user",
    "deactivate_user",
    "demo_code",
    "enrol_demo_device",
    "grant",
    "initial_password",
    "note_login",
    "note_logout",
    "note_view",
    "print_recovery_codes",
    "reactivate_user",
    "reset_password",
    "reset_second_factor",
    "revoke",
    "seconds_to_wait",
    "verify_second_factor",
]
