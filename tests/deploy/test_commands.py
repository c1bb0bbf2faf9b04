"""The commands say what is wrong in a sentence and end with the right status."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.commands.ground import named
from deploy.console import Exit
from deploy.demo.people import Samples, chance, due
from deploy.engines.ports import free_port
from deploy.folder import Folder, InUse
from deploy.found import Found, NoneFound
from deploy.node import Node, Ports
from services.routing.domain.register import Register
from shared.contracts.intake import Submission
from shared.contracts.topics import SERVICES

ROOT = Path(__file__).parents[2]


def _deploy(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        cwd=ROOT,
        env={**kept, "KENTONGAN_BOOTSTRAP": "off", "NO_COLOR": "1", **more},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_audit_is_told_the_bus_as_every_command_is(tmp_path: Path) -> None:
    """It gets as far as asking, which nobody answers; what the option was called before goes on."""
    nobody = f"127.0.0.1:{free_port()}"
    told = ("--node", "8171", "--mongo", f"mongodb://{nobody}/", "--data", str(tmp_path))
    for option in ("--kafka", "--bus"):
        done = _deploy("audit", option, nobody, *told)
        assert done.returncode == Exit.ENVIRONMENT, done.stderr


def test_in_a_container_mending_needs_no_word_of_who_may_write(tmp_path: Path) -> None:
    """Whoever has the folder of secrets has the store's password; a variable alone is refused."""
    nobody = f"127.0.0.1:{free_port()}"
    (tmp_path / "kentongan_mongo").write_text(f"mongodb://{nobody}/")
    words = ("audit", "--mend", "--kafka", nobody, "--node", "8171")
    done = _deploy(*words, KENTONGAN_SECRETS=str(tmp_path))
    assert done.returncode == Exit.ENVIRONMENT, done.stderr
    done = _deploy(*words, KENTONGAN_MONGO=f"mongodb://{nobody}/")
    assert (done.returncode, "--as" in done.stderr) == (Exit.WRONG_USE, True)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["tour"], Exit.ENVIRONMENT, "make demo"),
        (["audit"], Exit.ENVIRONMENT, "Nothing runs here"),
        (["quarantine", "list"], Exit.ENVIRONMENT, "Nothing runs here"),
        (["restore", "--service", "weather"], Exit.WRONG_USE, "There is no service 'weather'"),
        (["demo", "--rate", "1000"], Exit.WRONG_USE, "--rate"),
        (["demo", "--node", "99"], Exit.WRONG_USE, "There are no sample complaints of 99"),
        (["node", "8171", "--register", "nowhere.json"], Exit.WRONG_USE, "nowhere.json"),
        *(
            ([*command, "--publishers", "sigap, Si Gap"], Exit.WRONG_USE, "'Si Gap' is no name")
            for command in (
                ["topics", "--node", "8171", "--kafka", "nowhere:1"],
                ["audit", "--node", "8171", "--mongo", "mongodb://nowhere/"],
                ["node", "8171"],
            )
        ),
        (["fly"], Exit.WRONG_USE, "fly"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    tmp_path: Path, arguments: list[str], status: Exit, said: str
) -> None:
    """No traceback: what is wrong, on stderr, and 2 for wrong use, 3 for the environment."""
    data = [] if arguments[0] == "fly" else ["--data", str(tmp_path)]
    done = _deploy(*arguments, *data)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


def test_spaces_between_publishers_are_not_of_their_names() -> None:
    """A list reads the same however it is written."""
    assert named(" sigap ,,kampus") == named("sigap,kampus") == ("sigap", "kampus")
    assert named(None) == named("") == ()


def test_an_audit_without_a_store_is_no_clean_audit(tmp_path: Path) -> None:
    """Where the store does not answer, the status says environment, not clean."""
    uri = f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=300"
    done = _deploy("audit", "--node", "8171", "--mongo", uri, "--data", str(tmp_path))
    assert done.returncode == Exit.ENVIRONMENT
    assert "does not answer" in done.stderr


def test_mending_wants_to_know_who_may_write(tmp_path: Path) -> None:
    """A principal that only reads is not used for writing by accident."""
    done = _deploy("audit", "--node", "8171", "--mongo", "mongodb://x/", "--mend")
    assert done.returncode == Exit.WRONG_USE
    assert "--as" in done.stderr


def test_who_may_write_at_this_store_is_not_asked_to_mend_another(tmp_path: Path) -> None:
    """It would mark documents here for what another store lacks."""
    (tmp_path / "kentongan_mongo").write_text("mongodb://ours/")
    words = ("audit", "--node", "8171", "--mongo", "mongodb://x/", "--mend")
    done = _deploy(*words, KENTONGAN_SECRETS=str(tmp_path))
    assert done.returncode == Exit.WRONG_USE, done.stderr
    assert "--as" in done.stderr


def test_two_do_not_run_on_one_folder(tmp_path: Path) -> None:
    """The second is told that something runs there already."""
    with (
        Folder(tmp_path).taken(),
        pytest.raises(InUse, match="already"),
        Folder(tmp_path).taken(),
    ):
        pass


def test_secrets_are_made_once_and_for_us_alone(tmp_path: Path) -> None:
    """A secret stays what it is, nobody else can read it, and starting afresh makes another."""
    folder = Folder(tmp_path)
    (tmp_path / "somebody.txt").write_text("mine")
    secret = folder.secret("pin")
    assert len(secret) >= 32
    assert folder.secret("pin") == secret
    assert stat.S_IMODE((folder.keys / "pin").stat().st_mode) == 0o600
    folder.empty()
    assert folder.secret("pin") != secret
    assert (tmp_path / "somebody.txt").read_text() == "mine"


def test_what_runs_is_found_by_its_state_file(tmp_path: Path) -> None:
    """A state file of a living process names the node; one of a dead process names nothing."""
    folder = Folder(tmp_path)
    tmp_path.mkdir(exist_ok=True)
    folder.write_state({"node": "8171", "mongo": "mongodb://m/", "kafka": "k:1"})
    assert Found.of(tmp_path).kafka == "k:1"
    state = json.loads(folder.state.read_text())
    folder.state.write_text(json.dumps({**state, "pid": 2**22 + 1}))
    with pytest.raises(NoneFound):
        Found.of(tmp_path)


def test_each_service_is_told_what_it_needs(tmp_path: Path) -> None:
    """Only intake gets the PIN secret, and only notification the private key."""
    said: list[str] = []
    node = Node(
        code="8171",
        kafka="k:1",
        mongo="mongodb://m/",
        profile="embedded",
        folder=Folder(tmp_path),
        register=Samples.of("8171").register,
        ports=Ports(20_000, said.append),
    )
    told = {service: node.told(service) for service in SERVICES}
    assert [s for s in SERVICES if "KENTONGAN_PIN_SECRET" in told[s]] == ["intake"]
    private = [s for s in SERVICES if "private" in told[s].get("KENTONGAN_CONTACT_KEY", "")]
    assert private == ["notification"]
    assert all(each["KENTONGAN_NODE"] == "8171" for each in told.values())


def test_the_samples_are_right() -> None:
    """Every sample is a report as the contract has it, every agency has an officer."""
    samples = Samples.of("8171")
    register = Register.model_validate_json(samples.register.read_bytes())
    for report in samples.complaints:
        draft = {key: value for key, value in report.items() if key != "reporter"}
        Submission(reference="-", **draft)
    officers = {one.agency for one in samples.accounts.listed() if "liaison" in one.roles}
    assert {agency.code for agency in register.agencies} <= officers
    routed = [
        r for r in samples.complaints if register.rule_for(r.get("category"), r["area"], None)
    ]
    assert 0 < len(routed) < len(samples.complaints)


def test_officers_decide_the_same_after_a_restart() -> None:
    """What an officer does with a complaint follows from its id alone."""
    from datetime import UTC, datetime, timedelta

    assert {chance("c", "mood", 20) for _ in range(3)} == {chance("c", "mood", 20)}
    now = datetime.now(UTC)
    case = {"complaint": "c", "received_at": (now - timedelta(seconds=70)).isoformat()}
    assert due(case, "respond", 5, 60, now)
    assert not due(case, "respond", 80, 60, now)
