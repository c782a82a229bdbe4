"""Every write of papers: make them, word them, sign them, hand them out, and change their templates."""

from jingwei.bulletins.services.making import make, remake, revise
from jingwei.bulletins.services.signing import sign
from jingwei.bulletins.services.storing import file_name, record_download, write_files
from jingwei.bulletins.services.templates import remove_template, upload_template

__all__ = [
    "file_name",
    "make",
    "record_download",
    "remake",
    "remove_template",
    "revise",
    "sign",
    "upload_template",
    "write_files",
]
