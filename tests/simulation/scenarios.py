"""The mixes of faults that runs are made of."""

from __future__ import annotations

from tests.simulation.fate import Fate
from tests.simulation.world import Scenario

CALM = Scenario("calm")

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

LOST_LOG = Scenario("the bus loses its log", rates=CRASHES.rates, lost_logs=2)
RESTORED = tuple(
    Scenario(f"the store of {service} comes back from yesterday", rates=CRASHES.rates, restored=(service,))
    for service in ("intake", "routing", "followup", "notification", "metrics")
)
BROKEN = Scenario("the bus breaks bodies", rates=CRASHES.rates, broken=0.01)
POISONED = Scenario("facts that cannot be folded before the upgrade", rates=CRASHES.rates, poison=100)

OLDER_READERS = Scenario("a reader is older than what it hears", rates=CRASHES.rates, older_readers=True)
BLIND = tuple(
    Scenario(
        f"the bus forgets, and {service} comes back from yesterday",
        rates=CRASHES.rates,
        lost_logs=1,
        restored=(service,),
    )
    for service in ("intake", "routing", "followup", "notification")
)
