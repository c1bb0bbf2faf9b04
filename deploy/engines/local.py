"""Engines that are child processes of ours."""

from __future__ import annotations

from abc import ABC, abstractmethod

from shared.runtime.settings import Profile

from .process import Process


class LocalEngine(ABC):
    """What all engines made of processes have in common; in the order in which they start."""

    name: str
    address: str
    profile: Profile
    processes: tuple[Process, ...]
    ours = True

    @abstractmethod
    def start(self) -> None:
        """Start every process that does not run, each when the one before it answers."""

    def stop(self, grace: float = 10.0) -> None:
        """Ask the last one first, so that nobody loses the ground under its feet."""
        for process in reversed(self.processes):
            process.stop(grace)

    def kill(self) -> None:
        """Kill all of them at once."""
        for process in self.processes:
            process.kill()

    def pause(self) -> None:
        """Freeze all of them."""
        for process in reversed(self.processes):
            process.pause()

    def resume(self) -> None:
        """Let all of them go on."""
        for process in self.processes:
            process.resume()

    def alive(self) -> bool:
        """Say whether every one of them runs."""
        return all(process.alive() for process in self.processes)

    def close(self) -> None:
        """Stop; the data directory is the caller's.

        Embedded ones are killed: asked to end, they wait for seconds, and a journal keeps what
        counts.
        """
        if self.profile == "embedded":
            self.kill()
        self.stop()
