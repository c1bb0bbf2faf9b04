"""Make the environment of this tree and enter it, with the standard library alone.

Every part of the house names the packages it needs in its own ``pyproject.toml``; their
versions stand once, in ``deploy/constraints.txt``. A stamp inside ``.venv`` says what was
installed, so that an environment is touched only when one of those lists has changed.
"""

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "kentongan.json"
CONSTRAINTS = ROOT / "deploy" / "constraints.txt"
LOCK = ROOT / ".kentongan" / "bootstrap.lock"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
WRONG_ENVIRONMENT = 3
SIGN_OF_LIFE = 10.0
"""Seconds after which fetching packages says how far it is; unpacking says that it begins."""


class CannotPrepare(Exception):
    """Say in one sentence why there is no environment and what would help."""


def requirements(groups: Sequence[str]) -> list[str]:
    """Read what shared, every service and deploy name, and the asked groups of the root."""
    parts = [
        ROOT / "shared/pyproject.toml",
        *sorted(ROOT.glob("services/*/pyproject.toml")),
        ROOT / "deploy/pyproject.toml",
    ]
    wanted: set[str] = set()
    for part in parts:
        wanted.update(tomllib.loads(part.read_text("utf-8"))["project"]["dependencies"])
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    for group in groups:
        if group not in tools:
            raise CannotPrepare(f"There is no group {group!r}; there are {', '.join(tools)}.")
        wanted.update(tools[group])
    return sorted(wanted)


def prepare(groups: Sequence[str] = ()) -> None:
    """Leave a working ``.venv`` with these groups in it, whatever was there before.

    Where ``KENTONGAN_BOOTSTRAP`` is ``off`` nothing is made: an image has its packages already.
    """
    if not _is_off():
        _prepare(groups)


def _prepare(groups: Sequence[str], *, this_python: bool = False) -> None:
    """Do it, whether it is off or not.

    An environment made by another supported Python is kept, unless ``this_python`` asks for
    the one that runs now.
    """
    with _alone():
        if not _inside() and not _usable(this_python=this_python):
            _make()
        before, installed = _read_stamp()
        wanted = sorted({*groups, *before})
        names = requirements(wanted)
        digest = _digest(names)
        if digest == installed:
            return
        _install(names)
        STAMP.write_text(json.dumps({"groups": wanted, "digest": digest}), "utf-8")


def enter(arguments: Sequence[str]) -> None:
    """Return inside the environment; outside of it, prepare it and start again in it."""
    _or_stop(prepare)
    if not (_is_off() or _inside()):
        sys.stderr.flush()
        os.execv(PYTHON, [str(PYTHON), "-m", "deploy", *arguments])  # noqa: S606  no shell wanted


def command(arguments: Sequence[str]) -> int:
    """Prepare the environment and come back: ``python3 -m deploy bootstrap``."""
    parser = argparse.ArgumentParser("python3 -m deploy bootstrap", description=__doc__)
    parser.add_argument("--group", action="append", default=[], help="dev, screens; repeatable")
    parser.add_argument(
        "--this-python",
        action="store_true",
        help="remake an environment that another Python made",
    )
    options = parser.parse_args(arguments)
    _or_stop(lambda: _prepare(options.group, this_python=options.this_python))
    return 0


def _is_off() -> bool:
    return os.environ.get("KENTONGAN_BOOTSTRAP") == "off"


def _or_stop(step: Callable[[], None]) -> None:
    try:
        step()
    except CannotPrepare as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(WRONG_ENVIRONMENT)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; the next start goes on from here.\n")
        sys.exit(130)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # two commands at once: the second finds the work done
        yield


def _inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def _usable(*, this_python: bool) -> bool:
    if not (VENV / "pyvenv.cfg").is_file() or not PYTHON.exists():
        return False
    question = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, timeout=60, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    version = tuple(int(number) for number in answer.split())
    return version == sys.version_info[:2] or (version in SUPPORTED and not this_python)


def _make() -> None:
    _say(f"Python environment: making {VENV.name}")
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        _say("Python environment: the one that was there is not usable")
        shutil.rmtree(VENV)
    pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    made = subprocess.run(
        [sys.executable, "-m", "venv", *pip, VENV], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotPrepare(
            f"{made.stdout}{made.stderr}Python could not make an environment in {VENV}."
        )


def _pip() -> list[str]:
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode:
        if importlib.util.find_spec("pip") is None:
            raise CannotPrepare(
                "This Python has neither ensurepip nor pip; install one of them first "
                "(on Debian and Ubuntu: apt-get install python3-venv)."
            )
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return [str(PYTHON), "-m", "pip"]


def _install(names: Sequence[str]) -> None:
    _say(f"Python environment: installing {len(names)} packages and what they need ...")
    began = time.monotonic()
    arguments = [
        *_pip(),
        *("install", "--disable-pip-version-check", "--prefer-binary", "--progress-bar", "off"),
        "--no-compile",  # below, on all cores
        *("--constraint", str(CONSTRAINTS), *names),
    ]
    if _run_with_signs_of_life(arguments, began) != 0:
        raise CannotPrepare(
            "The packages could not be installed; pip gives the reason above. "
            "The next start goes on from here."
        )
    compiling = [str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(VENV / "lib")]
    subprocess.run(compiling, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    _say(f"Python environment: ready after {time.monotonic() - began:.0f} s")


def _run_with_signs_of_life(pip: Sequence[str], began: float) -> int:
    """Run pip and say now and then how far it is; what it says against something passes through."""
    fetched, said, what = 0, began, "fetching"
    environment = {**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(pip, env=environment, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            fetched += line.startswith("Collecting ")
            unpacking = line.startswith("Installing collected packages")
            what = "unpacking" if unpacking else what
            if unpacking or time.monotonic() - said >= SIGN_OF_LIFE:
                said = time.monotonic()
                _say(f"Python environment: {what}, {fetched} packages, {said - began:.0f} s")
    return running.returncode


def _read_stamp() -> tuple[list[str], str]:
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
        return list(stamp["groups"]), str(stamp["digest"])
    except (OSError, ValueError, KeyError, TypeError):  # none yet, or not ours
        return [], ""


def _digest(names: Sequence[str]) -> str:
    told = "\n".join([str(VENV), *names, CONSTRAINTS.read_text("utf-8")])
    return hashlib.sha256(told.encode()).hexdigest()


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
