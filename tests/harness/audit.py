"""The product's own audit of a node, run as an operator runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from deploy.bootstrap import ROOT
from deploy.node import Node
from deploy.parts import environment

PATIENCE = 300
LISTED = {"under way", "passed", "astray", "stale", "erased"}
"""What the audit lists and does not call a difference."""


@dataclass(frozen=True)
class Audited:
    """What the audit said."""

    status: int
    report: dict[str, Any]
    said: str

    @property
    def clean(self) -> bool:
        """Say whether nothing is missing and nothing is twice."""
        return self.status == 0 and self.report.get("clean") is True

    @property
    def late_on_the_bus(self) -> int:
        """Count topics' newest messages that are older than the store, if nothing else differs.

        Two processes that tell the same complaint at once can let the older history land last;
        the stores agree all the same, and the audit has it told again (design: telling, rule 5).
        """
        kinds = self.report.get("findings", {})
        return int(kinds["bus"]) if set(kinds) - LISTED == {"bus"} else 0


def audit(node: Node, *, mend: bool = False) -> Audited:
    """Run ``python -m deploy audit`` on a node in which nothing moves any more."""
    told = {
        "node": node.code,
        "mongo": node.mongo,
        "bus": node.kafka,
        "publishers": ",".join(node.publishers),
    }
    named = [word for name, value in told.items() for word in (f"--{name}", value)]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "deploy", "audit", *named, "--settled", "--json"),
            *(["--mend", "--as", node.mongo] if mend else []),
        ],
        cwd=ROOT,
        env=environment({"KENTONGAN_BOOTSTRAP": "off"}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {}
    return Audited(done.returncode, report, (done.stdout + done.stderr)[-3000:])
