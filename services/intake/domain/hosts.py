"""From where a publisher's files are fetched: hosts that were agreed on, at public addresses.

Whoever names an address has us ask it, from inside the network of the node. So it is asked only
where the node has said so beforehand, and never at an address that is not public, whatever a name
leads to (server-side request forgery, CWE-918).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from shared.runtime.document import Refused

HTTPS = 443
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""An IPv4 address for who has IPv6 alone (RFC 6052): it is as public as the one within."""


class NotNow(Exception):
    """A file cannot be fetched at present; the message says why."""


class Mendable(Refused):
    """A file is refused for what an operator or its host may mend: it stands at the last try."""


class Host(NamedTuple):
    """A host with its port, as ``berkas.sigap.example`` or ``berkas.sigap.example:8443``."""

    name: str
    port: int = HTTPS

    @classmethod
    def read(cls, text: str) -> Host:
        """Read a host as an operator names it; raises ValueError."""
        name, colon, port = text.lower().partition(":")
        number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else 0
        if len(name) > 253 or not _HOST.fullmatch(name) or (colon and not 0 < number < 65536):
            raise ValueError(f"{text[:60]!r} is no host, such as berkas.sigap.example")
        return cls(name, number if colon else HTTPS)

    def __str__(self) -> str:
        return self.name if self.port == HTTPS else f"{self.name}:{self.port}"

    @classmethod
    def of(cls, url: str) -> Host:
        """Give the host of a file's address; raises ValueError."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or HTTPS)


Hosts = Mapping[str, frozenset[Host]]
"""By publisher, from where its files are fetched; from nowhere any more where there are none.

Of who is not there nothing is said, which may be a start that forgot it.
"""


def agreed(hosts: Hosts, publisher: str | None, url: str) -> Host:
    """Give the host of a file's address; raises Mendable where it was not agreed on (yet).

    Raises Refused where it was ended that files are fetched.
    """
    known = hosts.get(publisher or "")
    if known is not None and not known:
        sentence = "It was ended that files are fetched that you name."
        raise Refused(403, "wrong_host", sentence, "url")
    try:
        host = Host.of(url)
    except ValueError:
        host = None
    if host is None or host not in (known or ()):
        raise Mendable(
            403,
            "wrong_host",
            "Nobody has agreed with you that files are fetched from this host."
            if known
            else "Nobody has agreed with you on a host that files are fetched from.",
            "url",
        )
    return host


def public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, by IANA's registers."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found.scope_id or found.sixtofour or found.teredo:
            return False
        if found.ipv4_mapped is not None:
            return False
        if found in _TRANSLATED:
            return _public(IPv4Address(int(found) & 0xFFFFFFFF))
    return _public(found)


def _public(found: IPv4Address | IPv6Address) -> bool:
    special = (
        found.is_private,
        found.is_loopback,
        found.is_link_local,
        found.is_multicast,
        found.is_reserved,
        found.is_unspecified,
        isinstance(found, IPv6Address) and found.is_site_local,
    )
    return found.is_global and not any(special)
