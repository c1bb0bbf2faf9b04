"""The environment of a tree: made where it is wanted, and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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
