"""Fetching lists over HTTPS (an edge file): bounded in bytes, in time and in tries, and never sent elsewhere.

A server is not trusted with more than being there: what it sends is believed for its proof. What it could do all the
same is to hold or to flood whoever asks. So bytes are counted while they come, one clock runs for a whole fetch with
its tries, redirects and pauses, and connections are shut from outside when it ends: a server that trickles single
bytes, even in its handshake or its headers, holds nobody. Only the system's name resolution has a time of its own.

TLS is always verified, against the authorities that the system trusts (OpenSSL's `SSL_CERT_FILE` and `SSL_CERT_DIR`
name others). Proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`). RFC 9110, RFC 9111 §4.3 for ETags.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import SystemRandom
from types import MappingProxyType, TracebackType
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3 import exceptions as http
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import make_headers, parse_url

from trustlist.brake import Brake
from trustlist.did_web import is_loopback
from trustlist.errors import ListReason, TrustListError

_CHUNK_BYTES = 64 * 1024
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
_SECONDS = re.compile(r"[0-9]{1,6}")
_USER_AGENT = "pratique"
_HEADERS = MappingProxyType({"Accept-Encoding": "identity", "User-Agent": _USER_AGENT})
_OK, _NOT_MODIFIED = 200, 304
_MISSING = frozenset({404, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Bounds on one fetch."""

    body_bytes: int = 64 * 1024 * 1024
    """Bytes of what is fetched."""
    connect_seconds: float = 10.0
    """To connect to one address of a host."""
    silence_seconds: float = 20.0
    """Without a byte."""
    total_seconds: float = 180.0
    """For everything that belongs to one fetch: tries, redirects and pauses together."""
    together_seconds: float = 1800.0
    """From the first fetch of one client to the end of its last: a tree of lists has hundreds."""
    tries: int = 4
    first_pause_seconds: float = 1.0
    """Before the second try; doubled for each one after it, and shortened by chance, so that clients part."""
    most_pause_seconds: float = 30.0
    redirects: int = 3
    """On the same host."""
    unsafe_http_to_loopback: bool = False
    """Ask this machine, and no other, without TLS: for trying things out."""


class Found(StrEnum):
    """What was found at an address."""

    CONTENT = "content"
    UNCHANGED = "unchanged"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    found: Found
    data: bytes = b""
    etag: str | None = None


class _TryAgainError(Exception):
    """A failure that may be over in a moment; `error` is what it is when it is not."""

    def __init__(self, error: TrustListError, seconds: float | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.seconds = seconds
        """How long the server asks to wait."""


class Web:
    """Fetches, one after the other, over connections that are kept open; not to be shared by threads.

    `pause` waits for as many seconds, `tls` is the context of all connections.
    """

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.policy = policy or FetchPolicy()
        self._pause = pause
        self._tls = tls or ssl.create_default_context()
        self._brake = Brake()
        self._pools = _pools(self._brake)
        self._chance = SystemRandom()
        self._lines: dict[str | None, PoolManager] = {}
        self._end: float | None = None

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        for line in self._lines.values():
            line.clear()

    def get(self, address: str, *, etag: str | None = None) -> Answer:
        """What lies at an address, unless it is still what `etag` names.

        Raises `TrustListError`: `ADDRESS_UNUSABLE`, `LIST_TOO_LARGE` or a `FETCH_…` reason.
        """
        self._require_allowed(address)
        deadline = self._deadline()
        for number in range(1, self.policy.tries + 1):
            try:
                return self._try(address, etag, deadline - time.monotonic())
            except _TryAgainError as again:
                seconds = self._pause_before(number, again.seconds)
                if number == self.policy.tries or time.monotonic() + seconds >= deadline:
                    raise again.error from again
                self._pause(seconds)
        raise TrustListError(ListReason.FETCH_FAILED, tries=self.policy.tries)

    def _deadline(self) -> float:
        """When this fetch must be over, on the clock that only goes forward."""
        now = time.monotonic()
        if self._end is None:
            self._end = now + self.policy.together_seconds
        return min(now + self.policy.total_seconds, self._end)

    def _require_allowed(self, address: str) -> None:
        parts = urlsplit(address)
        unsafe = parts.scheme == "http" and is_loopback(parts.hostname or "")
        if parts.scheme != "https" and not (unsafe and self.policy.unsafe_http_to_loopback):
            raise TrustListError(ListReason.ADDRESS_UNUSABLE)

    def _pause_before(self, number: int, asked: float | None) -> float:
        doubled = min(self.policy.first_pause_seconds * 2.0 ** (number - 1), self.policy.most_pause_seconds)
        pause = doubled * self._chance.uniform(0.5, 1.0)
        return max(pause, min(asked or 0.0, self.policy.most_pause_seconds))

    def _try(self, address: str, etag: str | None, seconds: float) -> Answer:
        """One try. A connection that the brake has shut looks like the end of an answer, so the clock has its say."""
        try:
            with self._brake.after(seconds):
                return self._walk(address, etag)
        except http.HTTPError as error:
            self.close()
            raise _failure(error) from error
        finally:
            if self._brake.pulled:
                self.close()
                raise TrustListError(ListReason.FETCH_TIMEOUT)

    def _walk(self, address: str, etag: str | None) -> Answer:
        """The answer at the end of all redirects."""
        headers = {**_HEADERS, **({"If-None-Match": etag} if etag else {})}
        for _ in range(self.policy.redirects + 1):
            response = self._ask(address, headers)
            try:
                if response.status not in _REDIRECTS:
                    return self._read(response, etag)
                address = _redirected(address, response.headers.get("Location", ""))
            finally:
                response.close()
        raise TrustListError(ListReason.FETCH_REDIRECTED, redirects=self.policy.redirects)

    def _ask(self, address: str, headers: Mapping[str, str]) -> BaseHTTPResponse:
        policy = self.policy
        return self._line(urlsplit(address)).urlopen(
            "GET",
            address,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
            timeout=Timeout(connect=policy.connect_seconds, read=policy.silence_seconds),
        )

    def _line(self, parts: SplitResult) -> PoolManager:
        """Connections by way of the proxy that the environment names for a host, or straight."""
        host = parts.hostname or ""
        direct = is_loopback(host) or proxy_bypass(host)
        proxies = {} if direct else getproxies()
        proxy = proxies.get(parts.scheme) or proxies.get("all")
        if proxy not in self._lines:
            line = PoolManager(ssl_context=self._tls) if proxy is None else _through(proxy, self._tls)
            line.pool_classes_by_scheme = self._pools
            self._lines[proxy] = line
        return self._lines[proxy]

    def _read(self, response: BaseHTTPResponse, etag: str | None) -> Answer:
        if response.status == _OK:
            named = response.headers.get("ETag", "")
            return Answer(Found.CONTENT, self._read_body(response), named if _ETAG.fullmatch(named) else None)
        if response.status == _NOT_MODIFIED and etag is not None:
            return Answer(Found.UNCHANGED, etag=etag)
        if response.status in _MISSING:
            return Answer(Found.NOTHING)
        error = TrustListError(ListReason.FETCH_STATUS, status=response.status)
        if response.status in _TRY_AGAIN:
            wait = response.headers.get("Retry-After", "")
            raise _TryAgainError(error, float(wait) if _SECONDS.fullmatch(wait) else None)
        raise error

    def _read_body(self, response: BaseHTTPResponse) -> bytes:
        limit = self.policy.body_bytes
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := response.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > limit:
                    raise TrustListError(ListReason.LIST_TOO_LARGE, limit=limit)
                chunks.append(chunk)
        except http.ProtocolError as error:
            raise _TryAgainError(TrustListError(ListReason.FETCH_TRUNCATED, size=size)) from error
        return b"".join(chunks)


def _pools(brake: Brake) -> dict[str, type[HTTPConnectionPool]]:
    """By scheme: pools of connections that a brake holds from the moment they stand."""

    class Plain(HTTPConnection):
        _handle: socket.socket | None = None

        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            self._handle = brake.hold(connected)
            return connected

        def close(self) -> None:
            super().close()
            handle, self._handle = self._handle, None
            if handle is not None:
                brake.release(handle)

    class Secure(Plain, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _redirected(address: str, location: str) -> str:
    """Where a redirect leads; raises `TrustListError` (`FETCH_REDIRECTED`) unless that is the same server."""
    try:
        target = urljoin(address, location)
        same = [
            (parts.scheme, parts.hostname, parts.port, parts.username)
            for parts in (urlsplit(address), urlsplit(target))
        ]
    except ValueError as error:
        raise TrustListError(ListReason.FETCH_REDIRECTED) from error
    if not location or same[0] != same[1]:
        raise TrustListError(ListReason.FETCH_REDIRECTED)
    return target


def _through(proxy: str, tls: ssl.SSLContext) -> ProxyManager:
    """Connections by way of a proxy, with the name and password that its address may hold."""
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        login = parse_url(address).auth
        headers = make_headers(proxy_basic_auth=unquote(login)) if login else {}
        return ProxyManager(address, proxy_headers=headers, proxy_ssl_context=tls, ssl_context=tls)
    except (http.HTTPError, ValueError) as error:
        raise TrustListError(ListReason.FETCH_FAILED, cause="proxy") from error


def _failure(error: http.HTTPError) -> TrustListError | _TryAgainError:
    """What a failed exchange means; all but a refused certificate may be over in a moment."""
    original = getattr(error, "original_error", error)
    if isinstance(original, http.SSLError) and any(
        isinstance(each, ssl.SSLCertVerificationError) for each in original.args
    ):
        return TrustListError(ListReason.FETCH_TLS)
    slow = isinstance(original, http.TimeoutError) and not isinstance(original, http.NewConnectionError)
    reason = ListReason.FETCH_TIMEOUT if slow else ListReason.FETCH_FAILED
    return _TryAgainError(TrustListError(reason, cause=type(original).__name__))
