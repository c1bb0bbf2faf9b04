"""What the tests of engines share; those of real ones bring their own."""

from __future__ import annotations

from tests.engines.fixtures import broker, store

__all__ = ["broker", "store"]
