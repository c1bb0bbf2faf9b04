"""The register as a process has it: read from file and store, put together by day, and told."""

from services.routing.registry.book import Book
from services.routing.registry.keeping import Registry, voice_of

__all__ = ["Book", "Registry", "voice_of"]
