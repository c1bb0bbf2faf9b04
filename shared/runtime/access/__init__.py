"""Who may do what: officers' bearer tokens, and one table of rights that guards the routes.

Deny by default: an application does not start with a route that its table does not name.
"""

from shared.runtime.access.guards import Admitted, guard
from shared.runtime.access.keys import FetchedKeys, Keys
from shared.runtime.access.rights import EVERYBODY, NATION, Reach, Rights, place_of
from shared.runtime.access.tokens import Access, NotAdmitted, Officer, Role, Sight, open_access

__all__ = [
    "EVERYBODY",
    "NATION",
    "Access",
    "Admitted",
    "FetchedKeys",
    "Keys",
    "NotAdmitted",
    "Officer",
    "Reach",
    "Rights",
    "Role",
    "Sight",
    "guard",
    "open_access",
    "place_of",
]
