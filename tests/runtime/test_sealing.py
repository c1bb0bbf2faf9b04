"""Sealing for one reader."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey

from shared.runtime.sealing import (
    NotSealed,
    PrivateKey,
    PublicKey,
    check_sealed,
    make_pair,
    seal,
    unseal,
)


def pair(folder: Path) -> tuple[PublicKey, PrivateKey]:
    """Make and read a pair of keys."""
    public, private = make_pair(folder)
    return (
        PublicKey.model_validate_json(public.read_bytes()),
        PrivateKey.model_validate_json(private.read_bytes()),
    )


def test_what_is_sealed_is_opened_by_its_reader_only(tmp_path: Path) -> None:
    """The private key opens it, also among others; another key does not."""
    public, private = pair(tmp_path / "ours")
    _, strange = pair(tmp_path / "theirs")
    sealed = seal(b"Tini", public)
    assert "Tini" not in sealed
    assert unseal(check_sealed(sealed), [strange, private]) == b"Tini"
    with pytest.raises(NotSealed, match="none of our keys"):
        unseal(sealed, [strange])


def test_the_same_words_are_sealed_differently_each_time(tmp_path: Path) -> None:
    """Nobody learns from two messages that they say the same."""
    public, _ = pair(tmp_path)
    assert seal(b"Tini", public) != seal(b"Tini", public)


@pytest.mark.parametrize("algorithm", ["ECDH-ES", "ECDH-ES+A256KW"])
def test_a_partner_may_seal_by_any_library(algorithm: str) -> None:
    """Keys on P-256 and wrapped content keys are understood too."""
    key = ECKey.generate_key("P-256")
    sealed = jwe.encrypt_compact({"alg": algorithm, "enc": "A256GCM"}, b"Tini", key)
    assert unseal(check_sealed(sealed), [PrivateKey.model_validate(key.as_dict(private=True))])


def test_a_changed_message_is_not_opened(tmp_path: Path) -> None:
    """One letter is enough, wherever it stands."""
    public, private = pair(tmp_path)
    sealed = seal(b"Tini", public)
    for place in (len(sealed) // 2, len(sealed) - 10):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(NotSealed):
            unseal(sealed[:place] + other + sealed[place + 1 :], [private])


@pytest.mark.parametrize("text", ["", "Tini", "a.b.c", "a..b.c.d", "é..b.c.d", "x" * 9000])
def test_what_is_no_message_is_refused(text: str, tmp_path: Path) -> None:
    """With a sentence, before any key is touched."""
    with pytest.raises(NotSealed):
        check_sealed(text)
    with pytest.raises(NotSealed):
        unseal(text, [pair(tmp_path)[1]])


def test_a_message_sealed_otherwise_is_refused() -> None:
    """A shared secret is not what we asked for."""
    sealed = jwe.encrypt_compact(
        {"alg": "A256KW", "enc": "A256GCM"}, b"Tini", OctKey.generate_key(256)
    )
    with pytest.raises(NotSealed, match="must be sealed by"):
        check_sealed(sealed)


def test_a_pair_is_made_once(tmp_path: Path) -> None:
    """Made again it is the same, and only its owner can read the private half."""
    _, private = make_pair(tmp_path)
    before = private.read_bytes()
    assert make_pair(tmp_path)[1].read_bytes() == before
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_all_who_ask_at_once_get_one_pair(tmp_path: Path) -> None:
    """Services start together; what one seals with its half, another can open with the other."""
    together = Barrier(8)

    def ask(nth: int) -> tuple[PublicKey, PrivateKey]:
        together.wait(20)
        return pair(tmp_path / str(nth // 8))

    with ThreadPoolExecutor(8) as pool:
        pairs = list(pool.map(ask, range(80)))
    for nth, (public, _) in enumerate(pairs):
        private = pairs[nth // 8 * 8 + (nth + 1) % 8][1]
        assert unseal(seal(b"Tini", public), [private]) == b"Tini"


def test_a_public_half_that_does_not_fit_is_made_anew(tmp_path: Path) -> None:
    """Whatever lies there, contacts are sealed so that they can be opened."""
    make_pair(tmp_path)
    make_pair(tmp_path / "other")[0].replace(tmp_path / "contact.public.json")
    public, private = pair(tmp_path)
    assert unseal(seal(b"Tini", public), [private]) == b"Tini"
