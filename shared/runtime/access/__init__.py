"""Who may do what: officers' bearer tokens and the guards of routes.

Deny by default: a route is guarded by ``officer(...)`` or says ``public``; a test of each service
asserts that ``unguarded_routes`` finds none.
"""

from shared.runtime.access.guards import Guard, officer, public, unguarded_routes
from shared.runtime.access.keys import FetchedKeys, GivenKeys, Keys
from shared.runtime.access.tokens import Access, NotAdmitted, Officer, Role, open_access

__all__ = [
    "Access",
    "FetchedKeys",
    "GivenKeys",
    "Guard",
    "Keys",
    "NotAdmitted",
    "Officer",
    "Role",
    "officer",
    "open_access",
    "public",
    "unguarded_routes",
]
