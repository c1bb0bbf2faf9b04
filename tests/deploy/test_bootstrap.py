"""The environment of a tree: made where it is wanted, and nowhere else."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import bootstrap


def test_nothing_is_made_where_it_is_off(tmp_path: Path) -> None:
    """A command that needs another group makes no environment beside the one it was started in."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(str(bootstrap.__file__), tmp_path / "deploy")
    program = "from deploy import bootstrap as b; b.prepare(['screens']); b.enter(['demo'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "KENTONGAN_BOOTSTRAP": "off", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [each.name for each in tmp_path.iterdir()] == ["deploy"]


AS_ANOTHER = """
import runpy, sys
sys.version_info, sys.version = ({0}, {1}, 4, "final", 0), "{0}.{1}.4 (main)"
known = set(sys.modules)
try:
    runpy.run_module("deploy", run_name="__main__")
finally:
    print(sorted(name for name in set(sys.modules) - known if name.startswith("deploy.")))
"""


@pytest.mark.parametrize("version", [(3, 7), (3, 10), (3, 14)])
def test_another_python_is_refused_before_anything_is_read(version: tuple[int, int]) -> None:
    """It says which it is, which would do and how one names it, and imports nothing of ours."""
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER.format(*version), "demo"],
        cwd=bootstrap.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (bootstrap.WRONG_ENVIRONMENT, "[]\n")
    said = "Kentongan runs on Python 3.11, 3.12 or 3.13 and this is {}.{}.4: ".format(*version)
    assert done.stderr.startswith(said)
    assert "make demo PYTHON=python3." in done.stderr


def test_an_older_python_can_read_as_far_as_the_refusal() -> None:
    """The file that refuses has no word that the Pythons still found on servers do not know."""
    ast.parse((bootstrap.ROOT / "deploy/__main__.py").read_text("utf-8"), feature_version=(3, 7))
