"""A notice is claimed, worded, addressed; how it ended is noted and shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from services.notification.domain.addressing import led, main_of
from services.notification.domain.audiences import AGENCY, EMAIL, PIN, REPORTER, concern
from services.notification.domain.ledger import Ledger
from services.notification.domain.message import Message, Outcome
from services.notification.domain.notice import LETTER, Notices, Pending
from services.notification.domain.offices import Office
from services.notification.domain.patience import share
from services.notification.domain.saying import told_until
from services.notification.domain.ways import RINGING, Addressee, Quiet, ways
from services.notification.wording import LOOK, LOOK_THERE, VEIL, Wording, Words
from services.notification.wording.digest import digest_words
from shared.contracts.fact import Row
from shared.contracts.intake import Contact
from shared.runtime.asking import Asks, Decide
from shared.runtime.document import Circumstances, Document, Refused
from shared.runtime.ports import Shelf
from shared.runtime.timing import micros
from shared.ui.speech import LANGUAGES

NO_ADDRESS = "no address is known by which to reach them"
DAY_OVER = "its day is over; the next digest says what is still due"
NOTHING_SET = timedelta(hours=1)
"""How long a notice waits, and up to twice that, for an operator to set its channel."""
BETWEEN = "\n---\n\n"
"""Between two languages of one mail."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Notices of one complaint taken for an attempt, and what is known of the complaint."""

    complaint: str
    known: Notices
    pending: tuple[Pending, ...]
    told: Sequence[Row] = ()
    """What became of its earlier notices."""


class Due(NamedTuple):
    """A complaint of which something is to be sent, and since when."""

    complaint: str
    since: datetime
    main: str | None = None
    """The report whose agency has to be known first, where one has."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The post room (pemberitahuan)."""

    ledger: Ledger
    kept: Shelf[Notices]
    ask: Asks[Notices]
    offices: Mapping[str, Office]
    unseal: Callable[[str], Contact]
    """Opens a sealed contact; raises ValueError."""
    unseal_pin: Callable[[str], str]
    """Opens a sealed PIN; raises ValueError."""
    now: Callable[[], datetime]
    wording: Wording
    channels: Collection[str]
    """The channels that are set."""
    quiet: Quiet | None = None
    url: str = ""
    """The page where reporters look; empty where there is none."""

    async def due(self, limit: int) -> list[Due]:
        """Find complaints with notices to be sent, the longest waiting first."""
        now = self.now()
        found = await self.kept.window("due_at", 0, micros(now) + 1, limit)
        return [Due(each.id, each.state.due_at or now, main_of(each.state)) for each in found]

    async def claim(self, due: Due, holder: str) -> Claimed:
        """Take what is due, so that nobody else sends it; raises Refused.

        What was due by older rules alone is written again, to be found by the present ones.
        """
        taken: tuple[Pending, ...] = ()
        lead = await self._agency_of(due.main) if due.main else None

        def take(found: Document[Notices], under: Circumstances) -> Document[Notices]:
            nonlocal taken
            if main_of(found.state) not in (None, due.main):
                return found  # merged since it was found: the next round knows whom to ask
            document = replace(found, state=led(found.state, lead, under.now))
            after, taken = self.ledger.claim_all(document, under, holder, self._choose)
            idle = not taken and after == found
            return replace(found, changed_at=micros(under.now)) if idle else after

        document = await self.settle(due.complaint, take)
        return Claimed(due.complaint, document.state, taken, document.facts)

    async def _agency_of(self, main: str) -> str | None:
        """Find out who handles the report that others follow."""
        leading = (await self.kept.load([main])).get(main)
        return leading.state.agency if leading else None

    def compose(self, known: Notices, pending: Pending) -> Message | Outcome:
        """Word and address a notice, or say why it cannot be sent.

        Raises KeyError where the table, or the wording, has no line for it.
        """
        now = self.now()
        try:
            to = self._addressee(known, pending)
            pin = self.unseal_pin(known.pin or "") if pending.about == PIN else None
        except ValueError:  # a wrong key is mended by an operator, so this is not the end of it
            return Outcome("retry", "what intake sealed cannot be opened with this node's key")
        line = concern(pending.about, pending.recipient)
        if known.digest is not None and now >= known.digest.until:
            return Outcome("failed", DAY_OVER, line.channels[0])
        left = ways(line, known.came_by, pending, to.addresses)
        if not left:
            paper = known.over_the_counter and pending.recipient == REPORTER
            further = LETTER if paper else None
            return Outcome("failed", NO_ADDRESS, line.channels[0], further)
        channel, *others = [each for each in left if each in self.channels] or [""]
        if not channel:
            later = now + NOTHING_SET * (1 + share(pending.notice))
            return Outcome("wait", f"no way to send by {left[0]} is set", left[0], until=later)
        if self.quiet and channel in RINGING and not line.urgent:
            morning = self.quiet.until(now, known.tracking_number or "")
            if morning is not None:
                return Outcome(
                    "wait", "it waits for the quiet hours to end", channel, until=morning
                )
        return self._worded(known, pending, to, channel, others, pin)

    def _worded(
        self,
        known: Notices,
        pending: Pending,
        to: Addressee,
        channel: str,
        others: Sequence[str],
        pin: str | None,
    ) -> Message:
        languages = (to.language,) if to.language in LANGUAGES else LANGUAGES
        if channel != EMAIL:
            languages = languages[:1]
        said = [self.words(known, pending, language, pin) for language in languages]
        mail, look = channel == EMAIL, LOOK if self.url else LOOK_THERE
        foot = [
            f"\n{look[each].format(page=self.url)}\n" if pending.recipient == REPORTER else ""
            for each in languages
        ]
        return Message(
            pending.notice,
            channel,
            to.addresses[channel],
            subject=" / ".join(words.subject for words in said) if mail else "",
            body=BETWEEN.join(words.body + end for words, end in zip(said, foot, strict=True))
            if mail
            else said[0].short,
            languages=languages,
            further=next(iter(others), None),
        )

    def words(
        self, known: Notices, pending: Pending, language: str, pin: str | None = None
    ) -> Words:
        """Word a notice in a language; raises KeyError where there are no words for it."""
        whose = pending.audience if pending.recipient == AGENCY else pending.agency
        office = self.offices.get((known.agency if whose in (None, AGENCY) else whose) or "")
        if known.digest is not None:
            return digest_words(language, known.digest, office.name if office else None)
        return self.wording.say(
            language,
            pending.recipient,
            VEIL if known.confidential and pin is None else pending.said,
            number=known.tracking_number or "",
            agency=office.called(pending.unit) if office and not known.confidential else None,
            pin=pin,
            main=known.main_number,
            until=told_until(known, pending),
        )

    def _addressee(self, known: Notices, pending: Pending) -> Addressee:
        """Find out where somebody is reached.

        Raises ValueError where a contact stays shut, KeyError where the table has no such line.
        """
        if pending.recipient == AGENCY:
            office = self.offices.get(known.audience_of(pending))
            leads = concern(pending.about, pending.recipient).leads
            return Addressee.of(
                email=office.address(leads=leads, unit=pending.unit) if office else None
            )
        contact = self.unseal(known.sealed or "")
        return Addressee.of(email=contact.email, phone=contact.phone, language=contact.language)

    def _choose(self, known: Notices, pending: Pending) -> str | None:
        """Say by which channel a notice goes on, as far as that can be said."""
        try:
            to = self._addressee(known, pending)
            line = concern(pending.about, pending.recipient)
        except (KeyError, ValueError):
            return pending.channel
        left = ways(line, known.came_by, pending, to.addresses)
        return next((each for each in left if each in self.channels), pending.channel)

    async def end(self, complaint: str, pending: Pending, outcome: Outcome) -> None:
        """Note how an attempt ended; raises Refused."""

        def note(document: Document[Notices], under: Circumstances) -> Document[Notices]:
            return self.ledger.end(document, pending, outcome, under)

        await self.settle(complaint, note)

    async def settle(self, complaint: str, decide: Decide[Notices]) -> Document[Notices]:
        """Have something decided, and say aloud which outcomes found no room; raises Refused."""
        unrecorded = 0

        def judge(
            document: Document[Notices], under: Circumstances, _draw: int
        ) -> Document[Notices]:
            nonlocal unrecorded
            after = decide(document, under)
            unrecorded = after.state.unrecorded - document.state.unrecorded
            return after

        document = await self.ask(complaint, judge)
        if unrecorded:
            log.error("outcome_unrecorded", extra={"complaint": complaint, "notices": unrecorded})
        return document

    async def show(self, complaint: str) -> Document[Notices]:
        """Show the ledger of one complaint, or of one digest; raises Refused."""
        found = (await self.kept.load([complaint])).get(complaint)
        if found is None:
            raise Refused(404, "not_found", "There is no such complaint.")
        return found
