"""The committed documents are what the code says, and a change that breaks a reader is found."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

import jsonschema
import pytest

from deploy.catalogue.schemas import schemas
from deploy.catalogue.writing import ROOT, documents, text_of
from shared.contracts.topics import PUBLISHER_STREAMS, SERVICES, STREAMS
from tests.contracts.compatibility import breaks
from tests.contracts.test_examples import example

NOW = dict(schemas())
RECEIVED = NOW["complaint.received.v1"]


def test_every_committed_document_is_what_the_code_says() -> None:
    """Schemas, AsyncAPI and OpenAPI documents are written anew by `python3 -m deploy catalogue`."""
    stale = [
        str(path.relative_to(ROOT))
        for path, document in documents()
        if not path.exists() or path.read_text() != text_of(document)
    ]
    assert stale == []


@pytest.mark.parametrize("name", sorted(NOW))
def test_an_example_is_valid_under_its_schema(name: str) -> None:
    """A partner who checks with any JSON Schema library accepts the example."""
    jsonschema.Draft202012Validator.check_schema(NOW[name])
    jsonschema.validate(example(name), NOW[name])


def _removed(schema: dict[str, Any]) -> None:
    del schema["properties"]["place"]


def _required(schema: dict[str, Any]) -> None:
    schema["required"].append("place")


def _retyped(schema: dict[str, Any]) -> None:
    schema["properties"]["title"]["type"] = "integer"


def _tightened(schema: dict[str, Any]) -> None:
    schema["properties"]["title"]["maxLength"] = 10


def _grown(schema: dict[str, Any]) -> None:
    schema["$defs"]["Kind"]["enum"].append("praise")


def _renamed(schema: dict[str, Any]) -> None:
    schema["properties"]["headline"] = schema["properties"].pop("title")
    schema["required"][schema["required"].index("title")] = "headline"


def _added_required(schema: dict[str, Any]) -> None:
    schema["properties"]["mood"] = {"type": "string"}
    schema["required"].append("mood")


def _reformed(schema: dict[str, Any]) -> None:
    schema["properties"]["area"]["pattern"] = "^x$"


def _reformatted(schema: dict[str, Any]) -> None:
    del schema["properties"]["received_at"]["format"]


def _no_longer_null(schema: dict[str, Any]) -> None:
    schema["properties"]["place"]["anyOf"].pop()


def _meant_otherwise(schema: dict[str, Any]) -> None:
    schema["properties"]["confidential"]["default"] = True


CHANGES = [
    *(_removed, _required, _retyped, _tightened, _grown, _renamed, _added_required),
    *(_reformed, _reformatted, _no_longer_null, _meant_otherwise),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_breaks_readers_is_found(change: Any) -> None:
    """Whatever takes something from a reader is named."""
    changed = deepcopy(RECEIVED)
    change(changed)
    assert breaks(RECEIVED, changed)


def test_an_optional_field_may_be_added() -> None:
    """What every reader can ignore breaks nobody."""
    changed = deepcopy(RECEIVED)
    changed["properties"]["mood"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert breaks(RECEIVED, changed) == []


@pytest.mark.parametrize("service", SERVICES)
def test_an_asyncapi_document_names_what_the_register_says(service: str) -> None:
    """Each service's document has an operation for every stream it hears or tells."""
    text = (ROOT / "shared" / "docs" / "asyncapi" / f"{service}.json").read_text()
    document = json.loads(text)
    every = [*STREAMS.values(), *PUBLISHER_STREAMS.values()]
    told = {f"tell-{s.name}" for s in every if s.producer in (service, "all")}
    heard = {f"hear-{s.name}" for s in every if service in s.readers}
    assert set(document["operations"]) == told | heard
    for reference in _references(document):
        assert _found(document, reference), reference


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_summed_up_in_words(service: str) -> None:
    """The list of operations at /docs says of each what it does, in one line and without markup."""
    text = (ROOT / "shared" / "docs" / "openapi" / f"{service}.json").read_text()
    for path, methods in json.loads(text)["paths"].items():
        for method, operation in methods.items():
            summary = operation["summary"]
            assert len(re.findall(r"\w+", summary)) >= 3, (method, path, summary)
            assert not re.search(r"[\n`]|\. ", summary), (method, path, summary)


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        inner = [ref for value in part.values() for ref in _references(value)]
        return [*inner, part["$ref"]] if isinstance(part.get("$ref"), str) else inner
    if isinstance(part, list):
        return [ref for value in part for ref in _references(value)]
    return []


def _found(document: Any, reference: str) -> bool:
    for step in reference.removeprefix("#/").split("/"):
        if step not in document:
            return False
        document = document[step]
    return True
