"""Whatever a node is, the same code runs there; only its settings are others."""

from __future__ import annotations

import pytest

from deploy.catalogue.openapi import openapi

CITY = "8171"


@pytest.mark.parametrize("node", ["00", "81", "kl-042"])
def test_52_every_service_offers_the_same_at_every_kind_of_node(node: str) -> None:
    """Statement 52: nation, province, city and ministry differ by settings alone."""
    assert dict(openapi(node)) == dict(openapi(CITY))
