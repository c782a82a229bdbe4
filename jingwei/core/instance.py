"""Where one installation keeps its files, and the secrets it made for itself."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
SECRET_NAMES = ("superuser", "jw_owner", "jw_staff", "jw_public", "django", "fields")


@dataclass(frozen=True)
class Instance:
    """Paths of one installation; ``JW_VAR`` moves it away from the project folder."""

    var: Path

    @property
    def key(self) -> str:
        """Eight hex digits that tell this installation from every other, also from an earlier one in the same folder.

        As root the database lies outside ``var``; a new ``var`` must never find an old database there.
        """
        if not self._key_file.exists():
            self.prepare()
            with suppress(FileExistsError), self._key_file.open("x") as handle:
                handle.write(secrets.token_hex(4))
        return self._key_file.read_text()

    @property
    def _key_file(self) -> Path:
        return self.var / "installation"

    @property
    def secrets_file(self) -> Path:
        return self.var / "secrets.json"

    @property
    def files(self) -> Path:
        return self.var / "files"

    @property
    def work(self) -> Path:
        return self.var / "work"

    def prepare(self) -> None:
        """Create the folders, readable by nobody else."""
        for folder in (self.var, self.files, self.work):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secrets(self) -> dict[str, str]:
        """Read the generated passwords and keys; make the missing ones in a 0600 file."""
        self.prepare()
        held: dict[str, str] = json.loads(self.secrets_file.read_text()) if self.secrets_file.exists() else {}
        missing = [name for name in SECRET_NAMES if name not in held]
        if missing:
            held |= {name: secrets.token_urlsafe(48) for name in missing}
            self._write_secrets(held)
        return held

    def _write_secrets(self, held: dict[str, str]) -> None:
        draft = self.secrets_file.with_suffix(f".{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(held, handle, indent=1)
        draft.replace(self.secrets_file)


def current_instance() -> Instance:
    """Return the installation named by ``JW_VAR``, else the project's own ``var`` folder."""
    return Instance(var=Path(os.environ.get("JW_VAR") or PROJECT_ROOT / "var").resolve())
