"""Records that mean harm, or that somebody got wrong; the same for the same seed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import orjson

from shared.contracts.envelope import Envelope, Headers
from shared.contracts.fact import Pair, fact_id
from shared.contracts.topics import STREAMS, Stream
from shared.runtime.ports import Record

EXAMPLES = Path(__file__).parents[2] / "shared/contracts/examples"
COMPLAINTS = tuple(f"01a2b3c4-0000-7000-8000-{n:012d}" for n in range(40))
"""So few that broken and good records meet in one document."""
EVIL: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    2**31,
    2**63 - 1,
    2**63,
    2**64,
    10**30,
    -(10**30),
    1e308,
    "",
    " ",
    "\x00",
    "a\x00b",
    "x" * 9000,
    "\u202egnol",
    "\U0001f95b" * 100,
    "$where",
    {"$ne": None},
    {"": 1, "a.b": 2, "$set": {"version": 0}},
    {"__proto__": {}},
    [],
    {},
    [[[[[[]]]]]] * 20,
    list(range(3000)),
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-02-30T00:00:00Z",
    "2026-03-17T03:00:00",
    "1969-12-31T23:59:59.999Z",
    "9999-12-31",
    "0001-01-01",
    "٣٣٣",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "DROP TABLE complaints; --",
)
Change = Callable[[Random, Any], Any]


def example(name: Any) -> Any:
    """Read the committed example of a message."""
    return json.loads((EXAMPLES / f"{name}.json").read_bytes())


def history(stream: Stream, complaint: str, chance: Random) -> dict[str, Any]:
    """Give a history of facts that are right, each by itself; what they say together is not."""
    names = sorted(stream.facts)
    rows = [
        {
            "id": fact_id(complaint, stream.name, f"{n}/{chance.random()}"),
            "pair": [0, n],
            "type": chance.choice(names),
            "at": f"2026-03-17T03:{n:02d}:00.000Z",
            "cause": f"request/{n}",
            "request": None,
            "by": None,
            "trace": None,
        }
        for n in range(1, chance.randint(2, 8))
    ]
    facts = [{**row, "data": example(row["type"])} for row in rows]
    return {"complaint": complaint, "facts": facts}


def places(tree: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to everything in a JSON document."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in inner:
        yield (*way, key)
        if isinstance(value, dict | list):
            yield from places(value, (*way, key))


def bent(chance: Random, tree: Any) -> Any:
    """Put something evil, nothing at all, or something from elsewhere in one to three places."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.randint(1, 3)):
        ways = list(places(tree))
        if not ways:
            return tree
        *way, last = chance.choice(ways)
        parent = tree
        for key in way:
            parent = parent[key]
        if chance.random() < 0.2:
            del parent[last]
        else:
            parent[last] = copy.deepcopy(chance.choice(EVIL))
    return tree


def written(tree: Any) -> bytes:
    """Write JSON, numbers of any size too."""
    return json.dumps(tree, ensure_ascii=False, default=str).encode(errors="replace")


def _torn(chance: Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body))]


def _noisy(chance: Random, body: bytes) -> bytes:
    spoilt = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


BODIES: Sequence[Change] = (
    _torn,
    _noisy,
    lambda _chance, _body: None,
    lambda _chance, _body: b"",
    lambda _chance, _body: b"null",
    lambda _chance, _body: b"[" * 100_000,
    lambda _chance, _body: b'{"a":' * 5000 + b"1" + b"}" * 5000,
    lambda _chance, body: body * 2,
    lambda _chance, body: b"\xef\xbb\xbf" + body,
    lambda _chance, body: body.replace(b'"facts"', b'"facts":[],"facts"'),
    lambda chance, body: body + b" " * chance.choice((10, 900_000)),
    lambda _chance, _body: b'{"facts": NaN}',
)
VALUES = (None, b"", b"\xff\xfe", b"x" * 5000, b"\x00", b"0", "²".encode(), b"1.0", b"-1")


def bent_headers(chance: Random, headers: Headers) -> list[tuple[str, bytes | None]]:
    """Leave out, double, swap or spoil headers."""
    found: list[tuple[str, bytes | None]] = list(headers)
    at = chance.randrange(len(found))
    name, value = found[at]
    match chance.randrange(5):
        case 0:
            del found[at]
        case 1:
            found[at] = (name, chance.choice(VALUES))
        case 2:
            found.append((name, chance.choice(VALUES)))
        case 3:
            found[at] = (name.upper(), value)
        case _:
            found += [(f"ce_more{n}", b"x" * 200) for n in range(200)]
    return found


def envelope(stream: Stream, complaint: str, last: Pair) -> Envelope:
    """Give the envelope that a right record has."""
    return Envelope(
        type=stream.message,
        source="/node/8171/somebody",
        subject=complaint,
        sequence=last,
        id=f"{complaint}/{last}",
        time="2026-03-17T03:00:00.000Z",
    )


def hostile(stream: Stream, topic: str, offset: int, chance: Random) -> Record:
    """Make one record for a topic of histories: mostly broken in one way, sometimes in none."""
    complaint = chance.choice(COMPLAINTS)
    tree = history(stream, complaint, chance)
    last = Pair(0, len(tree["facts"]))
    key: bytes | None = complaint.encode()
    headers: Sequence[tuple[str, bytes | None]]
    said = envelope(stream, complaint, last)
    headers, value = said.headers(), written(tree)
    match chance.randrange(9):
        case 0 | 1 | 2 | 3:
            value = written(bent(chance, tree))
        case 4:
            value = chance.choice(BODIES)(chance, value)
        case 5:
            headers = bent_headers(chance, said.headers())
        case 6:
            chance.shuffle(tree["facts"])
            value = written(tree)
        case 7:
            pair = chance.choice((Pair(0, 1), Pair(0, 999_999), Pair(9_999_999_999_999, 1)))
            headers = envelope(stream, complaint, pair).headers()
            key = chance.choice((key, None, b"", b"\xff", b"another"))
        case _:
            pass
    return Record(topic, 0, offset, key, headers, value, 1_773_716_400_000)


def submission(topic: str, offset: int, chance: Random) -> Record:
    """Make one record of an outside publisher, in binary or in structured mode."""
    draft = example("complaint.submitted.v1") | {"reference": f"R-{chance.randrange(400)}"}
    draft.pop("reporter", None)  # sealed for a key that the example does not tell
    name, kind = f"r-{chance.randrange(400)}", "complaint.submitted.v1"
    if chance.random() < 0.4:
        kind = f"submission.{chance.choice(('amended', 'replied', 'withdrawn'))}.v1"
        draft = example(kind) | {"submission": name, "reference": draft["reference"]}
        name = f"a-{chance.randrange(400)}"
    attributes = {
        "specversion": "1.0",
        "id": name,
        "type": kind,
        "source": "/publisher/dinsos",
    }
    spoilt = chance.random() < 0.8
    if chance.random() < 0.5:
        event: Any = {**attributes, "data": draft}
        headers: Any = [("content-type", b"application/cloudevents+json")]
        value = written(bent(chance, event) if spoilt else event)
    else:
        headers = [(f"ce_{name}", said.encode()) for name, said in attributes.items()]
        headers.append(("content-type", b"application/json"))
        value = written(bent(chance, draft) if spoilt else draft)
    if spoilt and chance.random() < 0.3:
        headers = bent_headers(chance, headers)
    if spoilt and chance.random() < 0.2:
        value = chance.choice(BODIES)(chance, value)
    key = chance.choice((draft["reference"].encode(), None, b"", b"\xff\x00", b"x" * 2000))
    return Record(topic, 0, offset, key, headers, value, 1_773_716_400_000)


def streams() -> tuple[Stream, ...]:
    """Give the streams of histories."""
    return tuple(stream for stream in STREAMS.values() if stream.facts)


def readable(message: Any) -> Any:
    """Read what was told, as strictly as a reader in another language."""
    return orjson.loads(message) if message is not None else None
