"""Who may know whom: the import-linter contracts of pyproject.toml, and that they bite."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SERVICES

ROOMS = (
    "__init__",
    "__main__",
    "app",
    "api",
    "subscribers",
    "handlers",
    "store",
    "rights",
    "settings",
)
RUNTIME = (
    *(
        "asking",
        "document",
        "folding",
        "hearing",
        "ports",
        "redacting",
        "relaying",
        "sorting",
        "suspicion",
        "telling",
    ),
    *("timing", "store/__init__", "store/driver", "web"),
)

PLANTED = {
    "a service that knows another": (
        "services/routing/handlers.py",
        "import services.intake.domain.thing",
        "Services do not know each other",
    ),
    "a room that no service has": (
        "services/routing/utils.py",
        "",
        "Every service has the same rooms",
    ),
    "a handler that knows its door": (
        "services/routing/handlers.py",
        "import services.routing.api",
        "Every service has the same rooms",
    ),
    "a store that decides": (
        "services/routing/store.py",
        "import services.routing.handlers",
        "Every service has the same rooms",
    ),
    "a domain that talks to the bus": (
        "services/routing/domain/thing.py",
        "import aiokafka",
        "The domain knows no input",
    ),
    "a domain that knows the runtime": (
        "services/routing/domain/thing.py",
        "import shared.runtime.web",
        "The domain knows no input",
    ),
    "a contract that knows the runtime": (
        "shared/contracts/thing.py",
        "import shared.runtime.document",
        "Contracts know pydantic",
    ),
    "a shared module that knows a service": (
        "shared/runtime/web.py",
        "import services.intake.app",
        "Deploy stands on services",
    ),
    "a service that knows how it is deployed": (
        "services/intake/app.py",
        "import deploy.cli",
        "Deploy stands on services",
    ),
    "a fold that waits": (
        "shared/runtime/folding.py",
        "import asyncio",
        "Documents and folding decide",
    ),
    "a decision beside the driver": (
        "shared/runtime/hearing.py",
        "import shared.runtime.store",
        "What the simulation runs",
    ),
    "motor in a second file": (
        "services/intake/store.py",
        "import motor.motor_asyncio",
        "Motor is known to one file",
    ),
    "the embedded store as a library": (
        "deploy/cli.py",
        "import secantus",
        "The embedded store is a program",
    ),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over a tree."""
    program = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a house with every room and nothing in it."""
    root = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", root)
    empty = [f"services/{name}/{room}.py" for name in SERVICES for room in ROOMS]
    empty += [f"services/{name}/domain/{file}.py" for name in SERVICES for file in ("__init__",)]
    empty += [f"services/{name}/domain/thing.py" for name in SERVICES]
    empty += [f"shared/runtime/{file}.py" for file in ("__init__", *RUNTIME)]
    empty += ["shared/__init__.py", "shared/contracts/__init__.py", "shared/contracts/thing.py"]
    empty += ["shared/ui/__init__.py", "deploy/cli.py"]
    for name in empty:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "shared/runtime/store/driver.py").write_text("import motor.motor_asyncio\n")
    (root / "shared/runtime/store/__init__.py").write_text("import shared.runtime.store.driver\n")
    (root / "services/routing/domain/thing.py").write_text("import shared.runtime.folding\n")
    return root


def test_contracts_are_kept() -> None:
    """Every module of the tree obeys every contract."""
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_an_obedient_house_passes(model: Path) -> None:
    """A tree with every room, Motor in its one file and a domain that folds is accepted."""
    answer = lint(model)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(model: Path, fault: str) -> None:
    """Each fault breaks the contract that is there for it."""
    file, line, contract = PLANTED[fault]
    path = model / file
    before = path.read_text() if path.exists() else None
    path.write_text(f"{line}\n")
    try:
        answer = lint(model)
    finally:
        path.unlink() if before is None else path.write_text(before)
    assert answer.returncode != 0
    broken = [found for found in answer.stdout.splitlines() if " BROKEN" in found]
    assert any(found.startswith(contract) for found in broken), answer.stdout
