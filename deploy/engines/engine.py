"""What every engine can do, whoever runs it."""

from __future__ import annotations

from typing import Protocol

from shared.runtime.settings import Profile


class EngineFailed(Exception):
    """An engine did not do what was asked of it; the message says which and why."""


class EngineAbsent(Exception):
    """An engine cannot be had here; the message says what is missing and how to get it."""


class Engine(Protocol):
    """A broker or a store that can be started, broken on purpose, and started again.

    Its address never changes, and what it had written is there again after a restart
    (except for the embedded broker, which forgets everything).
    """

    @property
    def name(self) -> str:
        """Say what it is, with its version, for people."""

    @property
    def address(self) -> str:
        """Give the bootstrap server, or the MongoDB URI."""

    @property
    def profile(self) -> Profile:
        """Say which client settings it needs."""

    @property
    def ours(self) -> bool:
        """Say whether we may kill and pause it; somebody else's engine we only use."""

    def start(self) -> None:
        """Return when it answers; raise EngineFailed with its last words if it does not."""

    def stop(self, grace: float = 10.0) -> None:
        """Ask it to end, kill it after the grace; return when it has ended."""

    def kill(self) -> None:
        """End it at once, as a power cut would; return when it is gone."""

    def pause(self) -> None:
        """Freeze it: connections stay open, nothing answers."""

    def resume(self) -> None:
        """Let it go on after a pause."""

    def alive(self) -> bool:
        """Say whether it runs; a paused one does."""

    def close(self) -> None:
        """Stop it for good and leave nothing behind but its data directory."""
