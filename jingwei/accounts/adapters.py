"""Services outside this installation, as interfaces. The product calls none of them unless one is set.

A deployer names a class of his own in the setting ``GOVERNMENT_SIGN_ON``. The fakes serve tests and
demonstrations and never leave the process.
"""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.utils.module_loading import import_string


class SignOnRefused(Exception):
    """The government's sign-on did not vouch for anybody; the text says why in Chinese."""


class GovernmentSignOn(Protocol):
    """A government's single sign-on: sends people away to prove who they are, and back with a code."""

    label: str

    def start_url(self, *, state: str, return_url: str) -> str:
        """Where the browser goes; ``state`` comes back unchanged."""

    def identify(self, *, code: str, return_url: str) -> str:
        """The log-in name that a code stands for; a code is taken once. Raises ``SignOnRefused``."""


class SmsSender(Protocol):
    """Sends a short message made of an approved template; no personal data in ``values``."""

    def send(self, *, phone: str, template: str, values: dict[str, str]) -> None:
        """Hand one message over. Raises ``OSError`` when the gateway did not take it."""


def government_sign_on() -> GovernmentSignOn | None:
    """The configured sign-on, or None."""
    path = getattr(settings, "GOVERNMENT_SIGN_ON", "")
    return import_string(path)() if path else None


class FakeSignOn:
    """A sign-on without a government: codes are issued by the test."""

    label = "统一身份认证（演示）"
    issued: dict[str, str] = {}

    @classmethod
    def issue(cls, code: str, username: str) -> None:
        """Let a code stand for a log-in name, once."""
        cls.issued[code] = username

    def start_url(self, *, state: str, return_url: str) -> str:
        return f"https://sso.invalid/authorize?{urlencode({'state': state, 'redirect_uri': return_url})}"

    def identify(self, *, code: str, return_url: str) -> str:
        username = self.issued.pop(code, "")
        if not username:
            raise SignOnRefused("统一身份认证没有认可这次登录。")
        return username


@dataclass
class FakeSms:
    """A gateway that keeps what it was given."""

    sent: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def send(self, *, phone: str, template: str, values: dict[str, str]) -> None:
        self.sent.append((phone, template, values))
