"""Notices in the store: those of complaints, and beside them the digests."""

from services.notification.store.digests import prune
from services.notification.store.notices import DIGESTS, SHAPE, Both

__all__ = ["DIGESTS", "SHAPE", "Both", "prune"]
