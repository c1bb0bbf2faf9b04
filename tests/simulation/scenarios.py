"""The mixes of faults that runs are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulation.fate import Fate


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens in a run. ``rates`` are per operation."""

    name: str
    complaints: int = 120
    seconds: float = 40.0
    days: int = 2
    cut: int = 0
    """After so many days somebody declares that in the last five nobody could work; 0 is never."""
    rates: dict[Fate, float] = field(default_factory=dict)
    lost_logs: int = 0
    restored: tuple[str, ...] = ()
    """Services whose store is put back, one after the other; each as a bus forgets."""
    broken: float = 0.0
    """How often the bus breaks the body of a history."""
    older_readers: bool = False
    """Routing does not know yet that reporters can reply."""
    coming_back: float = 0.0
    """How many reporters say more when all is long over and archived."""
    poison: int = 0
    """Of so many facts heard, one cannot be folded until the upgrade; 0 is none."""
    refused: int = 0
    """Of so many, the store takes no document that has heard one until then; 0 is none."""


CALM = Scenario("calm", days=12, cut=9)

CRASHES = Scenario(
    "crashes, repeats and rebalances",
    rates={
        Fate.CRASH: 0.002,
        Fate.PAUSE: 0.001,
        Fate.AWAY: 0.01,
        Fate.LOST: 0.01,
        Fate.UNACKED: 0.01,
        Fate.LATE: 0.01,
        Fate.REBALANCE: 0.0005,
        Fate.REPEAT: 0.0005,
        Fate.COMPACT: 0.0005,
    },
)

DYING = Scenario(
    "processes that die often", rates={Fate.CRASH: 0.02, Fate.LATE: 0.1, Fate.REBALANCE: 0.001}
)
UNANSWERED = Scenario(
    "answers that are lost often", rates={Fate.LOST: 0.06, Fate.UNACKED: 0.06, Fate.LATE: 0.06}
)

LOST_LOG = Scenario("the bus loses its log", rates=CRASHES.rates, lost_logs=2)
RESTORED = tuple(
    Scenario(
        f"the store of {service} comes back from yesterday",
        rates=CRASHES.rates,
        restored=(service,),
        days=10,
        cut=9,
    )
    for service in ("intake", "routing", "followup", "notification", "metrics")
)
BROKEN = Scenario("the bus breaks bodies", rates=CRASHES.rates, broken=0.01)
POISONED = Scenario(
    "facts that cannot be folded before the upgrade", rates=CRASHES.rates, poison=100
)
REFUSED = Scenario(
    "documents that the store refuses before the upgrade", rates=CRASHES.rates, refused=100
)

ARCHIVING = Scenario(
    "reporters say more when all is archived",
    seconds=60,
    rates=CRASHES.rates,
    coming_back=0.5,
)
ARCHIVING_BLIND = Scenario(
    "the bus forgets as followup comes back from before the archive",
    seconds=320,
    rates=CRASHES.rates,
    coming_back=0.3,
    lost_logs=1,
    restored=("followup",),
)
"""Complaints of which others have only an archived history are told again from it."""

OLDER_READERS = Scenario(
    "a reader is older than what it hears", rates=CRASHES.rates, older_readers=True
)
BLIND = tuple(
    Scenario(
        f"the bus forgets as {service} comes back from yesterday",
        rates=CRASHES.rates,
        lost_logs=1,
        restored=(service,),
    )
    for service in ("intake", "routing", "followup", "notification")
)
