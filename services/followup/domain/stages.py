"""Where a case can stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Stage = Literal["none", "open", "answered", "declined", "resolved"]
Rest = Literal["withdrawn", "merged"]
"""Why nobody waits for a case, whatever its stage."""
DESKS: tuple[Stage, ...] = ("open", "answered")
"""The stages in which a case waits for its agency, or is to be closed by it."""
AT_REST: Mapping[Rest, str] = {
    "withdrawn": "The reporter has withdrawn it; nobody waits any more.",
    "merged": "It follows another report about the same matter; answer that one.",
}
"""The same in a sentence."""
