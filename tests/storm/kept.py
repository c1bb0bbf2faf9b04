"""Whether what was accepted in the storm's stories is there when it is over, and everywhere."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

from tests.harness.people import Filed
from tests.harness.promises import await_receipts
from tests.harness.world import LIAISONS, World
from tests.storm.acting import Picture, Promise, folder
from tests.storm.city import City

SAID = {
    "amended": "complaint.amended.v1",
    "replied": "reporter.replied.v1",
    "withdrawn": "complaint.withdrawn.v1",
}
"""What a publisher's record about a complaint becomes."""


def hear_receipts(world: World, city: City, patience: float) -> None:
    """Wait for a receipt of each record about a complaint; what was accepted is a promise."""
    publisher = world.publisher()
    publisher.sent = city.sent
    wanted = {f"{reference}/{kind}": event for event, (reference, kind) in city.said.items()}
    for event, receipt in await_receipts(publisher, wanted, patience=patience).items():
        kind = city.said[event][1]
        city.done[f"{kind} on the bus: {receipt['outcome']}"] += 1
        if receipt["outcome"] == "accepted":
            city.promises.append(Promise("intake", receipt["complaint"], SAID[kind], event))


def broken(world: World, city: City) -> list[str]:
    """Say which promises of the stories were broken."""
    looks: tuple[tuple[Callable[..., Iterator[str]], list[Any]], ...] = (
        (_fact, city.promises),
        (_picture, city.pictures),
        (_reply, city.replies),
        (_answer, city.answers),
        (_withdrawn, city.withdrawn),
        (_erased, city.erased),
        (_hidden, city.hidden),
    )
    return [said for look, things in looks for thing in things for said in look(world, thing)]


def _fact(world: World, promise: Promise) -> Iterator[str]:
    """Its fact stands there, once."""
    document = world.stores.document(promise.service, promise.complaint)
    found = Counter(
        fact["type"]
        for fact in document.get("facts", ())
        if str(fact["request"]).endswith(promise.key)
    )
    if found[promise.kind] != 1:
        yield f"{promise} stands there {found[promise.kind]} times: {dict(found)}"


def _picture(world: World, picture: Picture) -> Iterator[str]:
    """Its reporter can fetch it."""
    filed = picture.filed
    at, headers = f"{folder(filed)}/{picture.attachment}", {"Kentongan-PIN": filed.pin}
    answer = world.door("intake").ask("GET", at, headers=headers)
    if answer.status_code != 200:
        yield f"{at}: {answer.status_code} {answer.text[:200]}"
    elif Image.open(io.BytesIO(answer.content)).size != (40, 30):
        yield f"{at} is another picture"


def _reply(world: World, said: tuple[Filed, str]) -> Iterator[str]:
    """Its agency reads it, if one has the case."""
    filed, text = said
    agency = world.stores.document("followup", filed.complaint).get("state", {}).get("agency")
    if agency in LIAISONS:
        seen = world.liaison(agency).see(filed.complaint)
        if seen.status_code != 200 or text not in seen.text:
            yield f"{agency} does not read {text} in {filed.complaint}: {seen.text[:1000]}"


def _answer(world: World, said: tuple[Filed, str]) -> Iterator[str]:
    """Its reporter reads it."""
    filed, text = said
    history = world.citizen.track(filed)["history"]
    if text not in [step["text"] for step in history]:
        yield f"{filed.tracking_number} does not show {text}: {history}"


def _withdrawn(world: World, filed: Filed) -> Iterator[str]:
    """It is withdrawn for its reporter, and for its agency, if one has it.

    Where the agency had resolved it before it heard of that, it stays resolved.
    """
    state = world.stores.document("followup", filed.complaint).get("state", {})
    expected = "resolved" if state.get("stage") == "resolved" else "withdrawn"
    if (status := world.citizen.track(filed)["status"]) != expected:
        yield f"{filed.tracking_number} was withdrawn and is {status}, not {expected}"
    if state.get("agency") and not state.get("withdrawn"):
        yield f"followup does not know that {filed.complaint} was withdrawn"


def _erased(world: World, said: tuple[Filed, str]) -> Iterator[str]:
    """No service keeps a word of whoever was erased, wherever in its database."""
    filed, secret = said
    for place in world.stores.keeping(secret):
        yield f"{place} keeps {secret} of {filed.complaint}"


def _hidden(world: World, filed: Filed) -> Iterator[str]:
    """Its agency knows what it must not show."""
    document = world.stores.document("followup", filed.complaint)
    for flag in ("anonymous", "confidential"):
        if document and document["state"].get(flag, False) != filed.body[flag]:
            yield f"followup has {filed.complaint} as not {flag}"
