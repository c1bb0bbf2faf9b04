"""What intake keeps: complaints, the files that belong to them, and counts of wrong PINs."""

from services.intake.store.complaints import SHAPE
from services.intake.store.files import Files
from services.intake.store.tries import Counts

__all__ = ["SHAPE", "Counts", "Files"]
