"""Which server an installation uses: the one that is named, else its own."""

from pathlib import Path

import pytest

from jingwei.core.database import DATABASE, current_server
from jingwei.core.instance import Instance


def test_without_an_address_the_installation_has_its_own_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    instance = Instance(tmp_path / "var")
    server = current_server(instance)
    assert server.embedded is not None
    assert (server.host, server.database) == (str(server.embedded.socket_dir), DATABASE)
    assert server.password == instance.secrets()["superuser"]


def test_an_address_is_taken_apart_and_its_special_characters_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://root%40office:a%2Fb%20c@db.example:5433/anlan")
    server = current_server(Instance(tmp_path / "var"))
    assert (server.host, server.port, server.database) == ("db.example", "5433", "anlan")
    assert (server.admin, server.password, server.embedded) == ("root@office", "a/b c", None)


def test_an_address_without_a_database_means_the_usual_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://admin@db.example")
    server = current_server(Instance(tmp_path / "var"))
    assert (server.port, server.database) == ("", DATABASE)
