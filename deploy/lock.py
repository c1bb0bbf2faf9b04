"""Pin every package once: resolve all that is named into ``deploy/constraints.txt``."""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import bootstrap

HEADER = """\
# One version of every package, for all services and tools, on every supported Python.
# Written by `make lock`; `make lock UPGRADE=1` takes the newest that fit.
"""


def command(arguments: Sequence[str]) -> int:
    """Resolve for the oldest supported Python and see that the others can install the same."""
    parser = argparse.ArgumentParser("python3 -m deploy lock", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="forget the versions of today")
    options = parser.parse_args(arguments)
    tools = tomllib.loads((bootstrap.ROOT / "pyproject.toml").read_text("utf-8"))
    names = bootstrap.requirements(list(tools["dependency-groups"]))
    keep = bootstrap.CONSTRAINTS.is_file() and not options.upgrade
    oldest, *newer = bootstrap.SUPPORTED
    pins = _resolve(names, oldest, bootstrap.CONSTRAINTS if keep else None)
    with TemporaryDirectory() as folder:
        draft = Path(folder, "constraints.txt")
        draft.write_text(HEADER + "".join(f"{pin}\n" for pin in pins), "utf-8")
        for version in newer:
            _resolve(names, version, draft)
        bootstrap.CONSTRAINTS.write_text(draft.read_text("utf-8"), "utf-8")
    sys.stderr.write(f"{len(pins)} packages pinned in deploy/constraints.txt\n")
    return 0


def _resolve(names: Sequence[str], python: tuple[int, int], within: Path | None) -> list[str]:
    major, minor = python
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--dry-run", "--ignore-installed", "--report", "-", "--only-binary", ":all:"),
            *("--python-version", f"{major}.{minor}", "--target", "nowhere"),
            *(("--constraint", str(within)) if within else ()),
            *names,
        ],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        sys.stderr.write(f"On Python {major}.{minor} these do not fit; pip says why above.\n")
        sys.exit(1)
    chosen = [item["metadata"] for item in json.loads(done.stdout)["install"]]
    pairs = sorted((re.sub(r"[-_.]+", "-", it["name"]).lower(), it["version"]) for it in chosen)
    return [f"{name}=={version}" for name, version in pairs]
