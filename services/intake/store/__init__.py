"""What intake keeps: complaints, and the files that belong to them."""

from services.intake.store.complaints import SHAPE
from services.intake.store.files import Files

__all__ = ["SHAPE", "Files"]
