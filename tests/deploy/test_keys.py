"""What a node in containers keeps secret: made once, each container's own apart."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deploy.found import take_secrets
from deploy.keys import Keys
from services.intake.settings import IntakeSettings
from services.notification.settings import NotificationSettings
from shared.contracts.topics import SERVICES
from shared.runtime.sealing import NotSealed, PrivateKey, PublicKey, seal, unseal
from shared.runtime.settings import SECRETS, read_settings

NAMES = ("kentongan_*", "contact.*")


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a node, its keys made, and an environment that says nothing of them."""
    for name in [name for name in os.environ if name.startswith("KENTONGAN_")]:
        monkeypatch.delenv(name)
    Keys(tmp_path).make()
    return tmp_path


def _inside(node: Path, name: str) -> Path:
    return node / "secrets" / name


def test_each_container_gets_its_own_secrets(node: Path) -> None:
    """The PIN secret is intake's, the private half notification's; nobody but them sees either."""
    folders = {file.parent.name for file in node.rglob("kentongan_pin_secret")}
    assert folders == {"intake"}
    assert {file.parent.name for file in node.rglob("contact.private.json")} == {"notification"}
    passwords = {_inside(node, name) / "kentongan_mongo" for name in (*SERVICES, "tools")}
    assert {file.read_text() for file in passwords} == {
        (_inside(node, "intake") / "kentongan_mongo").read_text()
    }
    assert (_inside(node, "mongo") / "password").read_text() in min(passwords).read_text()


def test_only_the_operator_enters_and_every_container_reads(node: Path) -> None:
    """The upper folder is shut; beneath it a user that this machine does not know can read."""
    assert stat.S_IMODE((node / "secrets").stat().st_mode) == 0o700
    for name in (*SERVICES, "tools"):
        assert stat.S_IMODE(_inside(node, name).stat().st_mode) == 0o755
        for pattern in NAMES:
            for file in _inside(node, name).glob(pattern):
                assert file.stat().st_mode & 0o004, file


def test_what_is_there_stays(node: Path) -> None:
    """Made again, no key changes; a lost public half is made of the private one."""
    before = {file: file.read_bytes() for file in node.rglob("*") if file.is_file()}
    (_inside(node, "intake") / "contact.public.json").unlink()
    again = Keys(node)
    again.make()
    assert {file: file.read_bytes() for file in node.rglob("*") if file.is_file()} == before
    assert [path.name for path in again.made] == ["contact.public.json"]


def test_what_intake_seals_notification_opens(node: Path) -> None:
    """The two halves are of one pair."""
    public = (_inside(node, "intake") / "contact.public.json").read_bytes()
    private = (_inside(node, "notification") / "contact.private.json").read_bytes()
    sealed = seal(b"saya@warga.example", PublicKey.model_validate_json(public))
    assert unseal(sealed, [PrivateKey.model_validate_json(private)]) == b"saya@warga.example"


@pytest.mark.parametrize("fresh", [True, False])
def test_a_new_key_for_contacts_is_named_once(tmp_path: Path, *, fresh: bool) -> None:
    """In a new folder the first pair is new enough; a half that was lost is not named twice."""
    if not fresh:
        Keys(tmp_path).make()
        (_inside(tmp_path, "intake") / "contact.public.json").unlink()
    making = Keys(tmp_path)
    making.make()
    making.renew_contacts()
    pair = [path for path in making.made if path.name.startswith("contact.")]
    assert len(pair) == len(set(pair)) == 3
    (private,) = tmp_path.rglob("contact.private.json")
    assert len(PrivateKey.model_validate_json(private.read_bytes()).older) == (0 if fresh else 1)


def test_a_new_key_for_contacts_opens_what_the_old_ones_opened(node: Path) -> None:
    """Renewed twice: each reporter can still be reached, and intake has the newest half."""
    sealed = []
    for _ in range(3):
        public = (_inside(node, "intake") / "contact.public.json").read_bytes()
        sealed.append(seal(b"Tini", PublicKey.model_validate_json(public)))
        Keys(node).renew_contacts()
    private = PrivateKey.model_validate_json(
        (_inside(node, "notification") / "contact.private.json").read_bytes()
    )
    assert len(private.older) == 3
    assert {unseal(each, [private]) for each in sealed} == {b"Tini"}
    with pytest.raises(NotSealed):
        unseal(sealed[0], [private.model_copy(update={"older": ()})])
    newest = (_inside(node, "tools") / "contact.public.json").read_bytes()
    assert unseal(seal(b"Tini", PublicKey.model_validate_json(newest)), [private]) == b"Tini"


def test_a_service_reads_its_folder_and_a_variable_outranks_a_file(
    node: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no variable says it, the file of the variable's name does."""
    monkeypatch.setenv("KENTONGAN_NODE", "8171")
    monkeypatch.setenv("KENTONGAN_KAFKA", "kafka:9092")
    monkeypatch.setenv("KENTONGAN_CONTACT_KEY", "k")
    monkeypatch.setenv("KENTONGAN_REGISTER_FILE", "r")
    monkeypatch.setenv(SECRETS, str(_inside(node, "intake")))
    kept = (_inside(node, "intake") / "kentongan_pin_secret").read_text()
    assert read_settings(IntakeSettings).pin_secret.get_secret_value() == kept
    monkeypatch.setenv("KENTONGAN_PIN_SECRET", "s" * 40)
    assert read_settings(IntakeSettings).pin_secret.get_secret_value() == "s" * 40
    (_inside(node, "notification") / "kentongan_sms_token").write_text("rahasia\n")
    monkeypatch.setenv(SECRETS, str(_inside(node, "notification")))
    token = read_settings(NotificationSettings).sms_token
    assert token is not None
    assert token.get_secret_value() == "rahasia"


def test_the_commands_read_theirs(node: Path) -> None:
    """A one-off container knows the store by its own folder, unless a variable says another."""
    folder = _inside(node, "tools")
    environ = {SECRETS: str(folder)}
    take_secrets(environ)
    assert environ["KENTONGAN_MONGO"] == (folder / "kentongan_mongo").read_text()
    said = {SECRETS: str(folder), "KENTONGAN_MONGO": "mongodb://other/"}
    take_secrets(said)
    assert said["KENTONGAN_MONGO"] == "mongodb://other/"


def test_no_folder_of_secrets_is_no_mistake(tmp_path: Path) -> None:
    """Images name a folder that need not be there."""
    environ = {SECRETS: str(tmp_path / "nowhere")}
    take_secrets(environ)
    assert list(environ) == [SECRETS]
