"""What every page stands on: one layout, one stylesheet, one script, charts, two languages."""

from shared.ui.live import Listening, Live, event
from shared.ui.site import FILES, Site
from shared.ui.speech import LANGUAGES, Speech, Words, language_of

__all__ = [
    "FILES",
    "LANGUAGES",
    "Listening",
    "Live",
    "Site",
    "Speech",
    "Words",
    "event",
    "language_of",
]
