"""From where somebody asks, as far as that says anything about who it is."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Annotated

from fastapi import Depends, Request

HOUSEHOLD = 64
"""Bits that every address of the smallest IPv6 network shares: a telephone's, or one home's."""
SITE = 48
"""Bits that all addresses of one subscriber share, however many networks that is (RFC 6177)."""


def address_of(request: Request, bits: int = HOUSEHOLD) -> str | None:
    """Give the address that is counted, of IPv6 so many bits; None for a neighbour on this machine.

    Behind a proxy it is what ``X-Forwarded-For`` says, where uvicorn trusts that proxy
    (``FORWARDED_ALLOW_IPS``, else only this machine). A proxy that says nothing would make
    everybody one asker, so the machine's own address counts for nobody.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            network = IPv6Network((address, bits), strict=False)
            return None if address.is_loopback else str(network)
        address = address.ipv4_mapped
    return None if address.is_loopback else str(address)


async def _address(request: Request) -> str | None:
    return address_of(request, SITE)


Address = Annotated[str | None, Depends(_address)]
"""Whose site asks, or None: who tries or asks for PINs from many networks is one all the same."""
