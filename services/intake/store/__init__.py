"""What intake keeps: complaints, the files that belong to them, and who looked at those."""

from services.intake.store.complaints import SHAPE
from services.intake.store.files import Files
from services.intake.store.looks import Looks

__all__ = ["SHAPE", "Files", "Looks"]
