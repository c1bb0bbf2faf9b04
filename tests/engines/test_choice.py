"""Which engines are used."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.engines import choose
from deploy.engines.cache import Cache
from deploy.engines.embedded import EmbeddedBroker, EmbeddedStore
from deploy.engines.engine import EngineAbsent, EngineFailed
from deploy.engines.ports import free_port


def test_with_nothing_at_hand_the_embedded_ones_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without addresses, Docker or a cache nothing is fetched and all is embedded."""
    monkeypatch.setattr(choose, "docker_answers", lambda: False)
    environ = {"KENTONGAN_CACHE": str(tmp_path / "cache")}
    engines = choose.choose(tmp_path, environ=environ)
    assert (engines.broker.profile, engines.store.profile) == ("embedded", "embedded")
    assert choose.real(tmp_path, environ=environ) is None
    assert not (tmp_path / "cache").exists()


def test_a_given_broker_is_used_and_left_alone(broker: EmbeddedBroker, tmp_path: Path) -> None:
    """An address in the environment goes before everything else, and is nobody's to kill."""
    given = choose.real_broker(tmp_path, environ={"KENTONGAN_TEST_KAFKA": broker.address})
    assert given is not None
    given.start()
    assert (given.address, given.profile, given.ours) == (broker.address, "real", False)
    with pytest.raises(EngineFailed, match="not ours"):
        given.kill()
    given.close()
    assert broker.alive()


def test_a_given_store_says_its_version(store: EmbeddedStore, tmp_path: Path) -> None:
    """The name of a given store holds what the server says of itself."""
    given = choose.real_store(tmp_path, environ={"KENTONGAN_TEST_MONGO": store.address})
    assert given is not None
    given.start()
    assert given.name.startswith("MongoDB ")
    assert given.alive()


def test_a_given_address_where_nobody_is_fails_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the address, never the password in it."""
    monkeypatch.setattr("deploy.engines.given.PATIENCE", 0.0)
    uri = f"mongodb://me:secret@127.0.0.1:{free_port()}/"
    given = choose.real_store(tmp_path, environ={"KENTONGAN_TEST_MONGO": uri})
    assert given is not None
    with pytest.raises(EngineFailed, match="does not answer") as failure:
        given.start()
    assert "secret" not in str(failure.value)


def test_a_word_that_is_no_choice_is_refused(tmp_path: Path) -> None:
    """A mistyped KENTONGAN_ENGINES does not silently mean something else."""
    with pytest.raises(EngineAbsent, match="reel"):
        choose.choose(tmp_path, environ={"KENTONGAN_ENGINES": "reel"})


def test_what_is_fetched_is_complete_or_absent(tmp_path: Path) -> None:
    """A fetch that fails leaves no folder under the name; the next one starts afresh."""
    cache = Cache(tmp_path)

    def half(folder: Path) -> None:
        (folder / "half").touch()
        raise EngineAbsent("the line was cut")

    with pytest.raises(EngineAbsent, match="cut"):
        cache.fetch("thing-1", half)
    assert cache.find("thing-1") is None
    made = cache.fetch("thing-1", lambda folder: (folder / "whole").touch())
    assert [file.name for file in made.iterdir()] == ["whole"]


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    """The second fetch finds what the first one made."""
    cache = Cache(tmp_path)
    cache.fetch("thing-1", lambda folder: (folder / "whole").touch())
    assert cache.fetch("thing-1", lambda _: pytest.fail("fetched twice")) == tmp_path / "thing-1"
