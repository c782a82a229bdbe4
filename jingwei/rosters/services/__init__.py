"""Every write of the intake: receive, read, check, store, give up, forget."""

from jingwei.rosters.services.committing import commit, report_failure, start_commit
from jingwei.rosters.services.reading import change_list, change_mapping, check, read
from jingwei.rosters.services.receiving import cancel, forget_personal, receive_file, start_reading
from jingwei.rosters.services.repairing import repair_sheet_name, write_repair_sheet

__all__ = [
    "cancel",
    "change_list",
    "change_mapping",
    "check",
    "commit",
    "forget_personal",
    "read",
    "receive_file",
    "repair_sheet_name",
    "report_failure",
    "start_commit",
    "start_reading",
    "write_repair_sheet",
]
