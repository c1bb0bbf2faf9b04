"""What intake reads from its environment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.intake.settings import DEMO_PIN_SECRET, IntakeSettings
from shared.runtime.given_files import read_file
from shared.runtime.sealing import PublicKey, make_pair
from shared.runtime.settings import read_settings
from tests.architecture.house import ROOT

USUAL = {
    "NODE": "8171",
    "KAFKA": "127.0.0.1:1",
    "MONGO": "mongodb://127.0.0.1:1",
    "PIN_SECRET": "x" * 32,
    "CONTACT_KEY": "/nowhere/contact.public.json",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment that is right."""
    for name, said in USUAL.items():
        monkeypatch.setenv(f"KENTONGAN_{name}", said)
    return monkeypatch


def test_publishers_are_a_list_with_commas(environment: pytest.MonkeyPatch) -> None:
    """Blanks and repeats do no harm; none is none."""
    assert read_settings(IntakeSettings).publishers == ()
    environment.setenv("KENTONGAN_PUBLISHERS", "sigap, qlue,,sigap")
    assert read_settings(IntakeSettings).publishers == ("sigap", "qlue")


def test_hosts_are_named_by_publisher(environment: pytest.MonkeyPatch) -> None:
    """As many as there are, each once; a name without one ends it, whatever else is said."""
    environment.setenv("KENTONGAN_PUBLISHERS", "sigap,kampus")
    environment.setenv("KENTONGAN_FILES_FROM", "sigap=a.example, sigap=b.example:8443,")
    found = read_settings(IntakeSettings).hosts
    assert found == {"sigap": {("a.example", 443), ("b.example", 8443)}}
    environment.setenv("KENTONGAN_FILES_FROM", "sigap=a.example,sigap=,kampus=")
    assert read_settings(IntakeSettings).hosts == {"sigap": frozenset(), "kampus": frozenset()}
    environment.setenv("KENTONGAN_FILES_FROM", "sigap=https://a.example/")
    with pytest.raises(SystemExit, match=r"KENTONGAN_FILES_FROM: .* is no host"):
        read_settings(IntakeSettings)


def test_private_addresses_are_asked_in_demonstrations_alone(
    environment: pytest.MonkeyPatch,
) -> None:
    """Elsewhere a publisher could have us ask what stands in our own network."""
    environment.setenv("KENTONGAN_DEMO", "true")
    environment.setenv("KENTONGAN_FILES_NEARBY", "true")
    assert read_settings(IntakeSettings).files_nearby


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("PIN_SECRET", "short", "at least 32 characters"),
        ("PIN_SECRET", DEMO_PIN_SECRET, "everybody knows"),
        ("PUBLISHERS", "Sigap", "no name of a publisher"),
        ("PUBLISHERS", "a/b", "no name of a publisher"),
        ("PUBLISHERS", "citizen", "no name of a publisher"),
        ("FILES_FROM", "sigap", "is none of the publishers"),
        ("FILES_FROM", "qlue=berkas.qlue.example", "is none of the publishers"),
        ("FILES_NEARBY", "true", "but in demonstrations"),
        ("NODE", "ambon", "such as 00, 81 or 8171"),
        ("ISSUER", "http://sso.example", "elsewhere than on this machine"),
        ("ISSUER", "http://127.0.0.1.example", "elsewhere than on this machine"),
        ("ISSUER", "sso.example", "such as https://sso.example"),
    ],
)
def test_a_wrong_environment_names_its_variable(
    environment: pytest.MonkeyPatch, name: str, said: str, words: str
) -> None:
    """The process ends with a sentence, which holds no secret."""
    environment.setenv(f"KENTONGAN_{name}", said)
    with pytest.raises(SystemExit, match=rf"(?s)KENTONGAN_{name}: .*{words}") as end:
        read_settings(IntakeSettings)
    assert DEMO_PIN_SECRET not in str(end.value)


def test_the_demo_may_use_its_secret(environment: pytest.MonkeyPatch) -> None:
    """And nobody else."""
    environment.setenv("KENTONGAN_PIN_SECRET", DEMO_PIN_SECRET)
    environment.setenv("KENTONGAN_DEMO", "1")
    assert read_settings(IntakeSettings).demo


def test_a_trial_in_containers_may_sign_in_over_its_own_network(
    environment: pytest.MonkeyPatch,
) -> None:
    """What the trial's Compose file sets is an environment that intake takes."""
    trial = (ROOT / "deploy" / "compose.trial.yaml").read_text("utf-8")
    told = re.findall(r"^    (KENTONGAN_\w+): (.+)$", trial, re.MULTILINE)
    for name, said in told:
        environment.setenv(name, said.strip('"'))
    assert read_settings(IntakeSettings).issuer.startswith("http://identity")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("{}", "kty: This field is missing"),
        ('{"kty":"OKP","crv":"X25519","x":"AA"}', "no key on X25519"),
        ('{"kty":"OKP","crv":"P-256","x":"AA","y":"AA"}', "no key on X25519"),
        ('{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}', "no key on X25519"),
        ('{"kty":"EC","crv":"P-256","x":"AA"}', "no key on X25519"),
        ("private", "only who opens may have it"),
    ],
)
def test_a_wrong_contact_key_is_told(tmp_path: Path, content: str | None, words: str) -> None:
    """The sentence names the file; intake refuses to hold the key that opens."""
    path = tmp_path / "key.json"
    if content == "private":
        path = make_pair(tmp_path)[1]
    elif content is not None:
        path.write_text(content)
    with pytest.raises(SystemExit, match=rf"(?s){path}.*{words}"):
        read_file(path, PublicKey)
