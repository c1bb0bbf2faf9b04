"""A store for what metrics asks of one."""

from __future__ import annotations

from tests.engines.fixtures import lasting_store

__all__ = ["lasting_store"]
