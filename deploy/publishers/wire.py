"""Requests of the Kafka protocol that aiokafka has no words for: who may sign in, and quotas.

Version 0 of each: DescribeUserScramCredentials and AlterUserScramCredentials (KIP-554),
AlterClientQuotas (KIP-546).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Array,
    Boolean,
    CompactArray,
    CompactBytes,
    CompactString,
    Float64,
    Int8,
    Int16,
    Int32,
    Schema,
    String,
    TaggedFields,
)

SCRAM_SHA_512 = 2
_TEXT, _COMPACT = String("utf-8"), CompactString("utf-8")
_TAGS = ("tags", TaggedFields)
_ERROR = (("error_code", Int16), ("error_message", _COMPACT))
_ENTITY = ("entity", Array(("entity_type", _TEXT), ("entity_name", _TEXT)))


class _Described(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY, API_VERSION = 50, 0
    _INFO = CompactArray(("mechanism", Int8), ("iterations", Int32), _TAGS)
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        *_ERROR,
        ("results", CompactArray(("user", _COMPACT), *_ERROR, ("credentials", _INFO), _TAGS)),
        _TAGS,
    )


class _Describe(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY, API_VERSION, RESPONSE_TYPE = 50, 0, _Described
    SCHEMA = Schema(("users", CompactArray(("name", _COMPACT), _TAGS)), _TAGS)


class DescribeSignIn(Request[_Describe]):  # type: ignore[misc]
    """Asks whether a user can sign in."""

    API_KEY = 50

    def __init__(self, user: str) -> None:
        """Name the user."""
        self._user = user

    def build(self, request_struct_class: type[_Describe]) -> _Describe:
        """Give it in a version that the broker knows."""
        return request_struct_class([(self._user, {})], {})


class _SignedIn(Response):  # type: ignore[misc]
    API_KEY, API_VERSION = 51, 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("results", CompactArray(("user", _COMPACT), *_ERROR, _TAGS)),
        _TAGS,
    )


class _AlterSignIn(RequestStruct):  # type: ignore[misc]
    FLEXIBLE_VERSION = True
    API_KEY, API_VERSION, RESPONSE_TYPE = 51, 0, _SignedIn
    SCHEMA = Schema(
        ("deletions", CompactArray(("name", _COMPACT), ("mechanism", Int8), _TAGS)),
        (
            "upsertions",
            CompactArray(
                ("name", _COMPACT),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                _TAGS,
            ),
        ),
        _TAGS,
    )


class AlterSignIn(Request[_AlterSignIn]):  # type: ignore[misc]
    """Gives a user a password, of which the broker learns only a salted form."""

    API_KEY = 51

    def __init__(self, user: str, iterations: int, salt: bytes, salted: bytes) -> None:
        """Say for whom."""
        self._made: Any = (user, SCRAM_SHA_512, iterations, salt, salted, {})

    def build(self, request_struct_class: type[_AlterSignIn]) -> _AlterSignIn:
        """Give it in a version that the broker knows."""
        return request_struct_class([], [self._made], {})


class _Altered(Response):  # type: ignore[misc]
    API_KEY, API_VERSION = 49, 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("results", Array(("error_code", Int16), ("error_message", _TEXT), _ENTITY)),
    )


class _AlterQuotas(RequestStruct):  # type: ignore[misc]
    API_KEY, API_VERSION, RESPONSE_TYPE = 49, 0, _Altered
    _OPS = Array(("key", _TEXT), ("value", Float64), ("remove", Boolean))
    SCHEMA = Schema(("entries", Array(_ENTITY, ("ops", _OPS))), ("validate_only", Boolean))


class AlterQuotas(Request[_AlterQuotas]):  # type: ignore[misc]
    """Sets how much of the bus a user may take."""

    API_KEY = 49

    def __init__(self, user: str, quotas: Mapping[str, float]) -> None:
        """Say whose, and by Kafka's names how much."""
        self._entry: Any = (
            [("user", user)],
            [(name, value, False) for name, value in quotas.items()],
        )

    def build(self, request_struct_class: type[_AlterQuotas]) -> _AlterQuotas:
        """Give it in a version that the broker knows."""
        return request_struct_class(entries=[self._entry], validate_only=False)
