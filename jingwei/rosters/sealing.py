"""Personal columns under one key per batch, itself wrapped by the installation's key.

Destroying a batch's key deletes its personal columns, in the backups too: the installation's key
lies outside the database, and without the batch's key the sealed texts are noise.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from jingwei.rosters.errors import KeyDestroyed, KeyMissing
from jingwei.rosters.models import Batch, BatchKey

_NONCE = 12
_HASH_BYTES = 16

# One encoder for all rows: building one costs more than a row does.
canonical_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def installation_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, so that no key serves two."""
    return hmac.digest(settings.FIELD_KEY, f"rosters/{purpose}".encode(), "sha256")


def content_hash(key: bytes, kind: str, plain_json: str, personal_json: str) -> bytes:
    """Sixteen bytes that are equal for rows of equal content.

    They are keyed by the installation, so whoever holds the database alone cannot test guesses.
    """
    return hmac.digest(key, f"{kind}\n{plain_json}\n{personal_json}".encode(), "sha256")[:_HASH_BYTES]


class BatchCipher:
    """Seals and opens texts of one batch. A sealed text is bound to its batch and its row."""

    def __init__(self, batch_id: int, key: bytes) -> None:
        self._batch_id = batch_id
        self._cipher = AESGCM(key)

    def seal(self, row: int, values: Mapping[str, str]) -> bytes:
        """Encrypt the values: twelve bytes of nonce, then AES-256-GCM."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, canonical_json(values).encode(), self._bound_to(row))

    def open(self, row: int, sealed: bytes | memoryview) -> dict[str, str]:
        """The values of ``seal``; raises InvalidTag for a text of another row or batch."""
        sealed = bytes(sealed)
        plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._bound_to(row))
        values: dict[str, str] = json.loads(plain)
        return values

    def _bound_to(self, row: int) -> bytes:
        return b"%d:%d" % (self._batch_id, row)


def make_cipher(batch: Batch) -> BatchCipher:
    """Make and store a fresh key for a batch that has none."""
    key = AESGCM.generate_key(bit_length=256)
    wrapping = installation_key("wrap")
    nonce = os.urandom(_NONCE)
    wrapped = nonce + AESGCM(wrapping).encrypt(nonce, key, b"%d" % batch.pk)
    BatchKey.objects.create(batch=batch, key_id=_key_id(wrapping), wrapped=wrapped)
    return BatchCipher(batch.pk, key)


def open_cipher(batch_id: int) -> BatchCipher:
    """The cipher of a stored batch. Raises KeyDestroyed, KeyMissing, BatchKey.DoesNotExist."""
    held = BatchKey.objects.get(batch_id=batch_id)
    if held.wrapped is None:
        raise KeyDestroyed
    wrapping = installation_key("wrap")
    if held.key_id != _key_id(wrapping):
        raise KeyMissing(held.key_id)
    wrapped = bytes(held.wrapped)
    key = AESGCM(wrapping).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], b"%d" % batch_id)
    return BatchCipher(batch_id, key)


def _key_id(wrapping: bytes) -> str:
    return hashlib.sha256(wrapping).hexdigest()[:16]
