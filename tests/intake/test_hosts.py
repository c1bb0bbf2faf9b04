"""From where a publisher's files are fetched, and from where never."""

from __future__ import annotations

import pytest

from services.intake.domain.hosts import Host, agreed, public
from shared.runtime.document import Refused

HERE = frozenset({Host("berkas.sigap.example"), Host("cdn.sigap.example", 8443)})


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "203.0.114.1", "2606:4700::1111", "64:ff9b::808:808"],
)
def test_public_addresses_are_asked(address: str) -> None:
    """Those of the internet, also where a network with IPv6 alone translates them."""
    assert public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
        *("224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1"),
        *("2001:db8::1", "2002:7f00:1::", "2001::1", "100::1", "::ffff:127.0.0.1", "::7f00:1"),
        *("::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1"),
        *("localhost", "", "8.8.8.8:443", "0177.0.0.1"),
    ],
)
def test_no_other_address_is_asked(address: str) -> None:
    """Private, loopback, link-local, multicast, reserved, for documents, hidden in another."""
    assert not public(address)


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://berkas.sigap.example/a.jpg", 443),
        ("https://BERKAS.sigap.example:443/a.jpg?b=c@d", 443),
        ("https://cdn.sigap.example:8443/", 8443),
    ],
)
def test_an_agreed_host_is_asked(url: str, port: int) -> None:
    """However its letters are written; another port is another host."""
    assert agreed({"sigap": HERE}, "sigap", url).port == port


@pytest.mark.parametrize(
    ("publisher", "url"),
    [
        ("sigap", "https://berkas.sigap.example:8443/a.jpg"),
        ("sigap", "https://cdn.sigap.example/a.jpg"),
        ("sigap", "https://sigap.example/a.jpg"),
        ("sigap", "https://berkas.sigap.example.evil.example/"),
        ("sigap", "https://berkas.sigap.example:99999/"),
        ("kampus", "https://berkas.sigap.example/a.jpg"),
        (None, "https://berkas.sigap.example/a.jpg"),
    ],
)
def test_no_other_host_is_asked(publisher: str | None, url: str) -> None:
    """Neither a neighbour of an agreed one, nor that of another publisher."""
    with pytest.raises(Refused) as refused:
        agreed({"sigap": HERE}, publisher, url)
    assert refused.value.code == "wrong_host"


@pytest.mark.parametrize(
    "text",
    ["", "a b", "https://a.example", "a.example/", "a.example:", "a.example:0", "[::1]", "*"],
)
def test_an_operator_names_a_host_and_no_more(text: str) -> None:
    """A path or a pattern would say something that nobody heeds."""
    with pytest.raises(ValueError, match="is no host"):
        Host.read(text)
