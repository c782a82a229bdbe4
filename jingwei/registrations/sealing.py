"""What of a registration nobody reads in the database: its personal fields, and the tokens it comes with."""

import hashlib
import json
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jingwei.rosters.sealing import canonical_json, installation_key

_NONCE = 12
_PURPOSE = "registrations"


def seal(values: Mapping[str, str], *, bound_to: str) -> bytes:
    """Twelve bytes of nonce, then AES-256-GCM; the text opens for the same owner only."""
    nonce = os.urandom(_NONCE)
    cipher = AESGCM(installation_key(_PURPOSE))
    return nonce + cipher.encrypt(nonce, canonical_json(values).encode(), bound_to.encode())


def digest_of(token: str) -> str:
    """What is stored of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_sealed(sealed: bytes | memoryview, *, bound_to: str) -> dict[str, str]:
    """The values of ``seal``; raises InvalidTag for another owner."""
    sealed = bytes(sealed)
    plain = AESGCM(installation_key(_PURPOSE)).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
    values: dict[str, str] = json.loads(plain)
    return values
