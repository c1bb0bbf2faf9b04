"""What an audit finds, and how it is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from services.metrics.domain.figures import Place


class Kind(StrEnum):
    """Every kind of finding."""

    MISSING = "missing"
    """A service that must know the complaint does not."""
    STRAY = "stray"
    """A service knows a complaint that intake never accepted."""
    BEHIND = "behind"
    """A service has not folded all that was told to it."""
    AHEAD = "ahead"
    """A service has heard what its teller does not have: the teller's store lost it."""
    STATE = "state"
    """Two services heard the same and do not agree."""
    HISTORY = "history"
    """A history has a gap, or a fact twice."""
    UNTOLD = "untold"
    """A change waits too long to be told."""
    HELD = "held"
    """A complaint waits for one stream in quarantine."""
    NUMBER = "number"
    """A tracking number stands for two complaints."""
    BUS = "bus"
    """The newest message of a topic is not what the store has."""
    RECEIPT = "receipt"
    """A publisher has no receipt for a record."""
    FIGURE = "figure"
    """A figure of metrics is not what its timelines give."""
    UNDER_WAY = "under way"
    """Younger than what the reader can have heard."""
    PASSED = "passed"
    """A record without a readable envelope was kept and passed."""
    UNDECODABLE = "undecodable"
    """A record of a topic cannot be decoded; every reader passes it."""
    ASTRAY = "astray"
    """A fact was heard that the restored line of its producer lacks."""
    ERASED = "erased"
    """The reporter was erased, and no service has anything of the person left."""
    NAMES_NOTHING = "names nothing"
    """An erasure names words that no service has: whoever typed it meant others."""
    STALE = "stale"
    """A service does not say how current it is, or said so long ago."""


NO_DIFFERENCE = {
    Kind.UNDER_WAY: "told a moment ago and not heard yet: not finished, no difference",
    Kind.PASSED: "a record without an envelope was kept and passed: no difference",
    Kind.UNDECODABLE: "every reader passes a record that none can decode: no difference",
    Kind.ASTRAY: "heard before a store was put back, which lacks it: no difference",
    Kind.ERASED: "nothing of the reporter is left anywhere: no difference",
    Kind.NAMES_NOTHING: "an erasure names words that nobody has: no difference",
    Kind.STALE: "how far a service has heard is old or not said: no difference",
}
"""What is listed and does not make stores differ, with what a person reads beside its name."""
MOST_LISTED = 100
"""Findings of one kind that are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    ``teller`` is the service that has to tell the complaint again for it to be mended; ``place``
    is where metrics has counted it, if it is about a window on the bus.
    """

    kind: Kind
    complaint: str
    service: str
    sentence: str
    teller: str | None = None
    place: Place | None = None

    @property
    def differs(self) -> bool:
        """Say whether it makes the audit fail."""
        return self.kind not in NO_DIFFERENCE

    def shown(self) -> dict[str, str]:
        """Give it for a script."""
        return {
            "kind": str(self.kind),
            "complaint": self.complaint,
            "service": self.service,
            "sentence": self.sentence,
        }


@dataclass(slots=True)
class Report:
    """What an audit found; bounded, however much that is."""

    node: str
    complaints: Counter[str] = field(default_factory=Counter)
    """Documents per service, live or archived."""
    archived: Counter[str] = field(default_factory=Counter)
    """How many of them lie in the archive."""
    refused: int = 0
    """Records of publishers that were turned away: documents of intake that are no complaints."""
    kinds: Counter[Kind] = field(default_factory=Counter)
    listed: dict[Kind, list[Finding]] = field(default_factory=dict)
    mended: int = 0
    seconds: float = 0.0

    def note(self, finding: Finding) -> None:
        """Count a finding, and list it while there is room."""
        self.kinds[finding.kind] += 1
        of_kind = self.listed.setdefault(finding.kind, [])
        if len(of_kind) < MOST_LISTED:
            of_kind.append(finding)

    @property
    def differences(self) -> int:
        """Count what makes the audit fail."""
        return sum(count for kind, count in self.kinds.items() if kind not in NO_DIFFERENCE)

    def shown(self) -> dict[str, object]:
        """Give it for a script."""
        return {
            "node": self.node,
            "clean": self.differences == 0,
            "complaints": dict(self.complaints),
            "archived": dict(self.archived),
            "refused": self.refused,
            "findings": {str(kind): count for kind, count in self.kinds.items()},
            "listed": [each.shown() for kind in self.listed.values() for each in kind],
            "mended": self.mended,
            "seconds": round(self.seconds, 2),
        }
