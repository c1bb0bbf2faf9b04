"""A lost PIN: said once to the contact that was left, in either language, and then forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.audiences import CHAT, EMAIL, PIN, SMS
from services.notification.domain.message import Message, Outcome
from services.notification.domain.notice import Pending
from services.notification.handlers.notification import Due
from shared.contracts import intake
from tests.notification.doubles import COMPLAINT, Room

SECRET, NUMBER = "447193", "8171-7K3M-9QXT-2"
STEPS = ("receive", "contact", "ask")


def ask(room: Room, sealed: str = SECRET) -> None:
    """Hear that the PIN was asked for."""
    room.hear(COMPLAINT, "complaints", intake.PinRequested(sealed=sealed))


def asked(*, language: str | None = None, channel: str = EMAIL, confidential: bool = False) -> Room:
    """Build a room in which a reporter is known and has asked for the PIN."""
    room = Room(channels=(channel,))
    room.receive(confidential=confidential)
    at = {"email": "budi@warga.test"} if channel == EMAIL else {"phone": "+6281234567890"}
    room.contact(sealed=intake.Contact(**at, language=language).model_dump_json())
    ask(room)
    return room


def the_pin(room: Room) -> Pending:
    """Find the notice that says it."""
    return next(each for each in room.state().pending if each.about == PIN)


def said(room: Room) -> Message | Outcome:
    """Word it."""
    return room.notification.compose(room.state(), the_pin(room))


async def end(room: Room, kind: str) -> None:
    """Try it, and have the attempt end so."""
    claimed = await room.notification.claim(Due(COMPLAINT, room.clock.now), "me")
    for pending in claimed.pending:
        outcome = Outcome(kind if pending.about == PIN else "sent", "why")
        await room.notification.end(COMPLAINT, pending, outcome)


@pytest.mark.parametrize("channel", [EMAIL, SMS, CHAT])
@pytest.mark.parametrize(("language", "word"), [("id", "Jangan"), ("en", "Give it to nobody")])
@pytest.mark.parametrize("confidential", [False, True])
def test_the_pin_is_said_in_the_reporters_language(
    channel: str, language: str, word: str, *, confidential: bool
) -> None:
    """With the number it is for; of a confidential report too, and of that nothing else."""
    message = said(asked(language=language, channel=channel, confidential=confidential))
    assert isinstance(message, Message)
    assert SECRET in message.body
    assert NUMBER in message.body
    assert word in message.body
    assert SECRET not in message.subject


async def test_what_has_gone_out_is_forgotten() -> None:
    """The store no longer has the PIN, and its history never had it."""
    room = asked()
    await end(room, "sent")
    assert room.state().pin is None
    assert SECRET not in repr(room.documents.kept[COMPLAINT])


@pytest.mark.parametrize("kind", ["failed", "uncertain"])
async def test_a_pin_that_did_not_arrive_is_asked_for_again(kind: str) -> None:
    """It is forgotten too, so no operator sends it again; who lacks it asks once more."""
    room = asked()
    await end(room, kind)
    state = room.state()
    assert (state.pin, state.lost) == (None, ())
    ask(room, "118822")
    message = said(room)
    assert isinstance(message, Message)
    assert "118822" in message.body


@settings(deadline=None)
@given(st.permutations(STEPS))
def test_it_waits_for_the_contact_in_whatever_order(order: list[str]) -> None:
    """A request that is heard before the contact is answered when the contact is known."""
    room = Room()
    for step in order:
        ask(room) if step == "ask" else getattr(room, step)()
    assert (room.state().pin, room.state().due_at) == (SECRET, room.clock.now)


@settings(deadline=None)
@given(st.permutations([*STEPS, "erase"]))
def test_of_an_erased_reporter_no_pin_is_kept(order: list[str]) -> None:
    """Whenever the erasure is heard, neither contact nor PIN nor notice to them is left."""
    room = Room()
    for step in order:
        if step == "erase":
            room.hear(COMPLAINT, "contacts", intake.ContactErased())
        else:
            ask(room) if step == "ask" else getattr(room, step)()
    state = room.state()
    assert state.pin is None
    assert all(each.about != PIN for each in state.pending)


def test_a_pin_that_cannot_be_opened_is_tried_again() -> None:
    """A wrong key is mended by an operator."""
    room = asked()
    ask(room, "wrong")
    assert said(room) == Outcome(
        "retry", "what intake sealed cannot be opened with this node's key"
    )
