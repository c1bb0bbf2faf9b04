"""What officers can do with cases: at the desk of one's agency, and beside another that answers."""

from services.followup.handlers.contributions import Contributions
from services.followup.handlers.desk import LONGEST_PAGE, Followup
from services.followup.handlers.outages import Book, Outages

__all__ = ["LONGEST_PAGE", "Book", "Contributions", "Followup", "Outages"]
