"""What a reporter does who lost the PIN, at production's own handler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.intake.handlers import Intake, LostPins, Pins
from shared.runtime.asking import Asks
from shared.runtime.document import Document
from tests.simulation.bus import NODE
from tests.simulation.handed_in import sealed
from tests.simulation.ports import Operations

if TYPE_CHECKING:
    from tests.simulation.process import Process

AnyDocument = Document[Any]
PINS = Pins(b"a secret of the node")


@dataclass(frozen=True, slots=True)
class Numbered(Operations):
    """Complaints as one process of intake finds them by their numbers."""

    async def matching(self, _field: str, number: str, _limit: int) -> list[AnyDocument]:
        store = self.host.store
        key = await self.run(lambda: store.numbered(number))
        return [store.documents[key]] if key in store.documents else []

    async def load(self, ids: Sequence[str]) -> dict[str, AnyDocument]:
        return await self.run(lambda: self.host.store.load(ids))


def lost_pins(process: Process, ask: Asks[Any]) -> LostPins:
    """Have lost PINs sent by a process; how often each is asked for is the door's to count."""
    unused: Any = None
    domain: Any = process.node.part.domain
    intake = Intake(
        node=NODE,
        complaints=domain,
        found=Numbered(process),
        ask=ask,
        views=unused,
        pins=PINS,
        seal=lambda pin: sealed(pin.decode()),
        crowd=unused,
        places=unused,
        tries=unused,
    )
    return LostPins(intake, unused)
