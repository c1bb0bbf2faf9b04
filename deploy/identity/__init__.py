"""A small OpenID provider for the demo and the tests, with sample accounts.

It knows authorization code with PKCE (RFC 7636) for people and the password grant for the demo's
command line. It is no provider for real officers, and refuses to start unless told that this is
a demo: ``python -m deploy.identity --demo --port 8109``.
"""

from deploy.identity.accounts import Account, read_accounts
from deploy.identity.api import create_identity
from deploy.identity.provider import NotADemo, Provider, make_key

__all__ = ["Account", "NotADemo", "Provider", "create_identity", "make_key", "read_accounts"]
