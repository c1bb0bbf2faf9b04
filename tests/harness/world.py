"""A whole node on real sockets: engines, the five services as processes, mail, sign-in, people."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy import topics
from deploy.bootstrap import ROOT
from deploy.engines.choose import Engines
from deploy.engines.ports import free_port
from deploy.folder import Folder
from deploy.node import Node, Ports
from shared.contracts.topics import SERVICES
from shared.runtime.access import place_of
from tests.harness.audit import Audited, audit
from tests.harness.later import DAYS
from tests.harness.mailbox import Mailbox
from tests.harness.members import Member, together
from tests.harness.people import Citizen, Door, Officer, SignIn
from tests.harness.publisher import Publisher
from tests.harness.stores import Stores, Views
from tests.harness.waiting import PATIENCE, until

DATA = ROOT / "deploy/data/8171"
LIAISONS: Mapping[str, str] = {"dinas-pupr": "pupr", "dinas-lh": "lh", "disdukcapil": "dukcapil"}
"""Who answers for an agency, by the demo's accounts."""
AGAIN = 20


class World:
    """One node, apart from others by its code, with everything around it and who uses it."""

    def __init__(
        self,
        engines: Engines,
        directory: Path,
        *,
        workers: int = 1,
        told: Mapping[str, str] | None = None,
    ) -> None:
        """Name everything; nothing runs before ``start``."""
        self.engines, self.directory = engines, directory
        directory.mkdir(parents=True, exist_ok=True)
        self.code = f"{random.randrange(1100, 9999)}"  # digits only, as a city's
        self.publisher_name = f"mitra-{self.code}"
        self.mailbox = Mailbox()
        self.days_later = 0.0
        self.identity = self._identity()
        self.node = Node(
            code=self.code,
            kafka=engines.broker.address,
            mongo=engines.store.address,
            profile=engines.broker.profile,
            folder=Folder(directory),
            register=DATA / "register.json",
            ports=Ports(free_port(), lambda _said: None),
            issuer=self.identity.url,
            demo=True,
            smtp=self.mailbox.address,
            publishers=(self.publisher_name,),
            workers=workers,
            overrides={"KENTONGAN_LOG_LEVEL": "INFO", **(told or {})},
        )
        self.members = [
            self.member(service, nth) for nth in range(1, workers + 1) for service in SERVICES
        ]
        self.stores = Stores(engines.store.address, self.code)
        self.sign_in = SignIn(self.identity)
        self._doors = {service: Door(self.of(service)) for service in SERVICES}
        self.audited: Audited | None = None
        self.told_again = 0
        """Complaints whose older history had landed last, mended by the audit."""
        self.accepted: set[str] = set()
        """Complaints that this world's people were promised to be kept."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        if error is not None:
            error.add_note(self.last_words())
            error.add_note(f"what failed: {error}")  # again, since a long log is read from its end
        self.close()

    def start(self) -> None:
        """Start what the services need, then the services; return when all are ready."""
        self.node.folder.contact_keys()  # made once, before several ask for them together
        self.mailbox.start()
        self.create_topics()
        together([self.identity.start, *(member.start for member in self.members)])

    def close(self) -> None:
        """End everything but the engines."""
        together([member.kill for member in (*self.members, self.identity)])
        self.mailbox.stop()
        self.stores.close()
        for door in self._doors.values():
            door.close()

    def create_topics(self) -> topics.Outcome:
        """Make the topics, as whoever starts a broker does."""
        wanted = topics.wanted([self.code], [self.publisher_name])
        return asyncio.run(topics.create(self.engines.broker.address, wanted))

    def start_broker(self) -> None:
        """Start the broker again with its topics.

        The supervisor freezes the services till then. Here they run on, and where one asks the
        embedded broker for a topic too early, it is made with another count of partitions: then
        the broker begins once more.
        """
        self.engines.broker.start()
        for _ in range(AGAIN):
            if not self.create_topics().wrong:
                return
            self.engines.broker.kill()
            self.engines.broker.start()
        raise AssertionError("somebody was quicker with the topics each time")

    def member(self, service: str, nth: int) -> Member:
        """Give one process of a service; it is not started."""
        name = service if nth == 1 else f"{service}-{nth}"
        member = Member(name, f"services.{service}", self.directory / f"{name}.log", dict)
        member.told = partial(self._told, service, member.port)
        return member

    def join(self, member: Member) -> None:
        """Have one more process; return when it is ready."""
        member.start()
        self.members.append(member)

    def leave(self, member: Member) -> None:
        """Have one process less, which has ended."""
        self.members.remove(member)

    def of(self, service: str) -> list[Member]:
        """Give the processes of a service."""
        return [member for member in self.members if member.name.partition("-")[0] == service]

    def pass_days(self, days: float, services: Sequence[str] = SERVICES) -> None:
        """Stop services, and start them as if that many days had passed."""
        self.days_later = days
        chosen = [member for service in services for member in self.of(service)]
        together([member.stop for member in chosen])
        for member in chosen:
            if member.module != "tests.harness.later":
                member.arguments, member.module = [member.module], "tests.harness.later"
        together([member.start for member in chosen])

    @property
    def citizen(self) -> Citizen:
        """Give a citizen."""
        return Citizen(self._doors["intake"], self.accepted)

    @property
    def coordinator(self) -> Officer:
        """Give the coordinator."""
        return self.officer("koordinator", "routing", "/api/v1/dispositions")

    def liaison(self, agency: str) -> Officer:
        """Give the liaison officer of an agency."""
        return self.officer(LIAISONS[agency], "followup", "/api/v1/cases")

    def officer(self, username: str, service: str, resource: str) -> Officer:
        """Give whoever has an account, before the things of a service that lie at a path."""
        return Officer(self._doors[service], partial(self.sign_in.token, username), resource)

    def publisher(self) -> Publisher:
        """Give the outside system that may submit here."""
        return Publisher(self.publisher_name, self.engines.broker.address)

    def door(self, service: str) -> Door:
        """Give the way to a service's processes."""
        return self._doors[service]

    def unsettled(self) -> list[str]:
        """Say what was accepted and is not everywhere yet; empty once all has settled."""
        if (views := self.stores.views()) is None:
            return ["the store does not answer"]
        return list(islice(chain(views.lacking(self.accepted), views.behind()), 20))

    def settle(self, patience: float = 300.0) -> Views:
        """Wait until everything accepted is everywhere; see that nothing is twice."""
        until(self.unsettled, patience=patience)
        views = self.stores.views()
        assert views is not None
        assert not (twice := list(views.twice())), twice[:20]
        assert not (twice := self.mailbox.twice()), twice[:20]
        return views

    def prove(self, patience: float = 300.0) -> Views:
        """Let everything settle, then have the product's own audit find no difference.

        Where only a topic ends with an older history, the audit mends that, as it does nightly.
        """
        views = self.settle(patience)
        audited = self.audited = self.audit()
        if audited.late_on_the_bus:
            mended = audit(self.node, mend=True)
            assert mended.report.get("mended"), mended.said
            self.told_again += mended.report["mended"]
            views = self.settle(patience)
            audited = self.audited = self.audit()
        assert audited.clean, audited.said
        return views

    def audit(self) -> Audited:
        """Run the product's own audit of this node."""
        return audit(self.node)

    def wait(self, condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Wait until a condition holds."""
        until(lambda: None if condition() else what, patience=patience)

    def last_words(self) -> str:
        """Quote the ends of all logs, for a failure that a person reads."""
        return "\n".join(self._words())

    def _words(self) -> Iterator[str]:
        yield f"seen at node {self.code}; the whole logs are in {self.directory}"
        for member in (*self.members, self.identity):
            yield member.last_words()

    def _told(self, service: str, port: int) -> dict[str, str]:
        told = {**self.node.told(service), "KENTONGAN_HTTP": f"127.0.0.1:{port}"}
        return {**told, DAYS: str(self.days_later)} if self.days_later else told

    def _identity(self) -> Member:
        member = Member("identity", "deploy.identity", self.directory / "identity.log", dict)
        samples, accounts = (where / "accounts.json" for where in (DATA, self.directory))
        accounts.write_text(samples.read_text().replace('"81.71"', f'"{place_of(self.code)}"'))
        member.arguments = ["--demo", "--port", str(member.port), "--accounts", str(accounts)]
        return member
