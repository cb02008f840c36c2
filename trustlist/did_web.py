"""Where a `did:web:` list lies, and which list lies at an address (https://w3c-ccg.github.io/did-method-web/ §3.2).

`did:web:<host>[%3A<port>][:<segment>...]` is `https://<host>[:<port>]/<segment>/.../did.json`; without segments it is
`/.well-known/did.json`. Only what maps both ways without loss is taken: no percent-encoded segments, no dot segments,
no query. So a list has one address, and an address one list.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from trustlist.errors import ListReason, TrustListError

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
_PORT = r"[1-9][0-9]{0,4}"
_SEGMENT = r"(?!\.\.?(?:[:/]|$))[A-Za-z0-9._-]{1,128}"
_DID = re.compile(rf"did:web:({_HOST})(?:%3[Aa]({_PORT}))?((?::{_SEGMENT}){{0,16}})")
_ADDRESS = re.compile(rf"(?:https|http)://({_HOST})(?::({_PORT}))?((?:/{_SEGMENT}){{0,16}})/did\.json")
_WELL_KNOWN = "/.well-known"
_LAST_PORT = 65535


class Place(NamedTuple):
    """The parts of a `did:web:` identifier."""

    host: str
    """In lower case."""
    port: int | None
    segments: tuple[str, ...]


def read_did(did: str) -> Place:
    """The parts of a list's DID. Raises `TrustListError` (`DID_MALFORMED`) where it has no address."""
    match = _DID.fullmatch(did)
    if match is None or int(match[2] or 1) > _LAST_PORT:
        raise TrustListError(ListReason.DID_MALFORMED, at="did:web")
    segments = tuple(match[3].split(":")[1:])
    if segments == (_WELL_KNOWN[1:],):
        raise TrustListError(ListReason.DID_MALFORMED, at="did:web")
    return Place(match[1].lower(), int(match[2]) if match[2] else None, segments)


def address_of(did: str, *, scheme: str = "https") -> str:
    """The address of a list's DID. Raises `TrustListError` (`DID_MALFORMED`)."""
    host, port, segments = read_did(did)
    path = "".join(f"/{segment}" for segment in segments) or _WELL_KNOWN
    return f"{scheme}://{host}{'' if port is None else f':{port}'}{path}/did.json"


def did_at(address: str) -> str:
    """The DID of the list at an address, https or on this machine.

    Raises `TrustListError` (`ADDRESS_UNUSABLE`) if no list can lie there.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match[2] or 1) > _LAST_PORT or not match[3]:
        raise TrustListError(ListReason.ADDRESS_UNUSABLE)
    if address.startswith("http:") and not is_loopback(match[1]):
        raise TrustListError(ListReason.ADDRESS_UNUSABLE)
    path = "" if match[3] == _WELL_KNOWN else match[3].replace("/", ":")
    return f"did:web:{match[1].lower()}{f'%3A{match[2]}' if match[2] else ''}{path}"


def is_address(text: str) -> bool:
    """Whether a text names something to be fetched, by its first letters: an address or a DID."""
    return text.startswith(("https://", "http://", "did:"))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
