"""Fetching from servers that answer well, badly, slowly or for ever."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.simulators.server import Answering, Asked, Server, make_tls, serving
from tests.trustlist.parts import reason_of
from trustlist import ListReason, TrustListError
from trustlist.fetch import Answer, FetchPolicy, Found, Web

LIST = b'{"id":"did:web:trust.example:v2:trustlist"}'
QUICK = FetchPolicy(
    body_bytes=100_000,
    connect_seconds=2.0,
    silence_seconds=0.5,
    total_seconds=1.0,
    tries=3,
    first_pause_seconds=0.01,
    most_pause_seconds=0.02,
    unsafe_http_to_loopback=True,
)
SLOW_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000
SLOWEST = 4.0
"""Seconds that any fetch here may take on a busy machine; without its limit each would take far longer."""


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the test run says."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def well(asked: Asked) -> None:
    asked.answer(200, LIST, ETag='"one"')


def status(code: int, **headers: str) -> Answering:
    return lambda asked: asked.answer(code, b"", **headers)


def get(server: Server, policy: FetchPolicy = QUICK, *, etag: str | None = None) -> Answer:
    with Web(policy) as web:
        return web.get(server.at(), etag=etag)


def refused(server: Server, policy: FetchPolicy = QUICK, *, etag: str | None = None) -> TrustListError:
    with pytest.raises(TrustListError) as caught:
        get(server, policy, etag=etag)
    return caught.value


class TestWell:
    def test_what_lies_there_is_fetched(self) -> None:
        with serving(well) as server:
            assert get(server) == Answer(Found.CONTENT, LIST, '"one"')
        (asked,) = server.asked
        assert asked.headers["accept-encoding"] == "identity"
        assert "if-none-match" not in asked.headers

    def test_many_lists_come_over_one_connection(self) -> None:
        with serving(well) as server, Web(QUICK) as web:
            for _ in range(5):
                assert web.get(server.at()).data == LIST
        assert len({asked.handler.client_address for asked in server.asked}) == 1

    def test_what_is_not_there_is_not_there(self) -> None:
        for code in (404, 410):
            with serving(status(code)) as server:
                assert get(server) == Answer(Found.NOTHING)

    def test_what_has_not_changed_is_not_sent_again(self) -> None:
        with serving(status(304)) as server:
            assert get(server, etag='W/"one"') == Answer(Found.UNCHANGED, etag='W/"one"')
        assert server.asked[0].headers["if-none-match"] == 'W/"one"'

    def test_unchanged_without_having_been_asked_is_no_answer(self) -> None:
        with serving(status(304)) as server:
            error = refused(server)
        assert (error.reason, error.detail) == (ListReason.FETCH_STATUS, {"status": 304})

    @pytest.mark.parametrize("etag", ["one", '"one', '"o\x7fne"', '"' + "x" * 300 + '"', ""])
    def test_an_etag_of_another_form_is_not_kept(self, etag: str) -> None:
        with serving(lambda asked: asked.answer(200, LIST, ETag=etag)) as server:
            assert get(server).etag is None

    def test_a_body_in_chunks(self) -> None:
        def chunked(asked: Asked) -> None:
            asked.start(200, Transfer_Encoding="chunked")
            for start in range(0, len(LIST), 7):
                piece = LIST[start : start + 7]
                asked.raw(b"%x\r\n%b\r\n" % (len(piece), piece))
            asked.raw(b"0\r\n\r\n")

        with serving(chunked) as server:
            assert get(server).data == LIST


class TestBadly:
    def test_a_server_that_fails_is_asked_again(self) -> None:
        with serving(status(500), status(503), well) as server:
            assert get(server).data == LIST
        assert len(server.asked) == 3

    def test_and_not_without_end(self) -> None:
        with serving(status(502)) as server:
            error = refused(server)
        assert (error.reason, error.detail) == (ListReason.FETCH_STATUS, {"status": 502})
        assert len(server.asked) == QUICK.tries

    @pytest.mark.parametrize("code", [201, 204, 206, 400, 401, 403, 451])
    def test_other_answers_are_final(self, code: int) -> None:
        with serving(status(code)) as server:
            error = refused(server)
        assert (error.reason, error.detail) == (ListReason.FETCH_STATUS, {"status": code})
        assert len(server.asked) == 1

    def test_pauses_grow_are_shortened_by_chance_and_as_long_as_the_server_asks(self) -> None:
        policy = FetchPolicy(
            tries=4, first_pause_seconds=8, most_pause_seconds=20, total_seconds=1000, unsafe_http_to_loopback=True
        )
        answers = (status(500), status(500), status(429, Retry_After="7200"), well)
        pauses: list[float] = []
        with serving(*answers) as server, Web(policy, pause=pauses.append) as web:
            web.get(server.at())
        assert 4 <= pauses[0] <= 8 <= pauses[1] <= 16
        assert pauses[2] == 20

    def test_a_pause_that_would_end_after_the_time_is_not_begun(self) -> None:
        with serving(status(503, Retry_After="600")) as server, Web(QUICK, pause=lambda _: pytest.fail("waits")) as web:
            long = FetchPolicy(most_pause_seconds=600, total_seconds=60, unsafe_http_to_loopback=True)
            web.policy = long
            with pytest.raises(TrustListError) as caught:
                web.get(server.at())
        assert reason_of(caught) is ListReason.FETCH_STATUS

    @pytest.mark.parametrize("length", ["declared", "chunked"])
    def test_a_body_that_ends_too_early_is_truncated(self, length: str) -> None:
        def cut(asked: Asked) -> None:
            if length == "declared":
                asked.start(200, Content_Length="1000")
                asked.raw(LIST)
            else:
                asked.start(200, Transfer_Encoding="chunked")
                asked.raw(b"%x\r\n%b" % (1000, LIST))
            asked.handler.close_connection = True

        with serving(cut) as server:
            assert refused(server).reason is ListReason.FETCH_TRUNCATED
        assert len(server.asked) == QUICK.tries

    @pytest.mark.parametrize("length", ["declared", "chunked", "until it closes"])
    def test_an_endless_body_is_left_at_the_limit(self, length: str) -> None:
        def endless(asked: Asked) -> None:
            headers = {"declared": {"Content_Length": str(10**12)}, "chunked": {"Transfer_Encoding": "chunked"}}
            asked.start(200, **headers.get(length, {"Connection": "close"}))
            block = b"[" * 50_000
            while True:
                asked.raw(b"%x\r\n%b\r\n" % (len(block), block) if length == "chunked" else block)

        with serving(endless) as server:
            error = refused(server)
        assert (error.reason, error.detail["limit"]) == (ListReason.LIST_TOO_LARGE, QUICK.body_bytes)
        assert len(server.asked) == 1

    def test_a_body_of_just_the_limit_is_taken(self) -> None:
        with serving(lambda asked: asked.answer(200, b"x" * QUICK.body_bytes)) as server:
            assert len(get(server).data or b"") == QUICK.body_bytes

    @pytest.mark.parametrize(
        "nonsense", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 50]
    )
    def test_what_speaks_no_http_is_no_server(self, nonsense: bytes) -> None:
        def other(asked: Asked) -> None:
            asked.raw(nonsense)
            asked.handler.close_connection = True

        with serving(other) as server:
            assert refused(server).reason is ListReason.FETCH_FAILED

    def test_headers_without_end_are_not_read_to_their_end(self) -> None:
        def headers(asked: Asked) -> None:
            asked.raw(b"HTTP/1.1 200 OK\r\n")
            while True:
                asked.raw(b"X-More: " + b"x" * 1000 + b"\r\n")

        with serving(headers) as server:
            assert refused(server).reason is ListReason.FETCH_FAILED

    def test_where_nobody_listens_nothing_is_fetched(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with Web(QUICK) as web, pytest.raises(TrustListError) as caught:
            web.get(f"http://127.0.0.1:{port}/did.json")
        assert reason_of(caught) is ListReason.FETCH_FAILED

    def test_a_host_of_no_address_is_not_reached(self) -> None:
        with Web(QUICK) as web, pytest.raises(TrustListError) as caught:
            web.get("https://trust.invalid/did.json")
        assert reason_of(caught) is ListReason.FETCH_FAILED


@contextmanager
def in_time() -> Iterator[None]:
    """What is done inside ends when its time is over, not when a server is done."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < SLOWEST


class TestSlowly:
    """A byte now and then keeps every timeout of a socket from ever striking."""

    def test_headers_byte_by_byte(self) -> None:
        def slow(asked: Asked) -> None:
            server.trickle(asked, SLOW_HEADERS)

        with serving(slow) as server, in_time():
            assert refused(server).reason is ListReason.FETCH_TIMEOUT

    def test_a_body_byte_by_byte(self) -> None:
        def slow(asked: Asked) -> None:
            asked.start(200, Content_Length="100000")
            server.trickle(asked, b"[" * 100_000)

        with serving(slow) as server, in_time():
            assert refused(server).reason is ListReason.FETCH_TIMEOUT

    def test_silence(self) -> None:
        def silent(asked: Asked) -> None:
            server.closing.wait(60)

        with serving(silent) as server, in_time():
            assert refused(server).reason is ListReason.FETCH_TIMEOUT

    def test_failing_again_and_again_has_an_end_too(self) -> None:
        policy = FetchPolicy(tries=10_000, first_pause_seconds=0.05, total_seconds=0.5, unsafe_http_to_loopback=True)
        with serving(status(500)) as server, in_time():
            assert refused(server, policy).reason is ListReason.FETCH_STATUS
        assert 1 < len(server.asked) < 20

    def test_many_lists_have_one_end_together(self) -> None:
        """Each is quick enough, and there is always one more."""
        policy = FetchPolicy(together_seconds=0.5, unsafe_http_to_loopback=True)

        def unhurried(asked: Asked) -> None:
            server.closing.wait(0.1)
            well(asked)

        def get_all(web: Web) -> None:
            for _ in range(1000):
                web.get(server.at())

        with serving(unhurried) as server, Web(policy) as web, in_time(), pytest.raises(TrustListError) as caught:
            get_all(web)
        assert reason_of(caught) is ListReason.FETCH_TIMEOUT
        assert 1 < len(server.asked) < 10

    def test_a_tls_handshake_byte_by_byte(self) -> None:
        with trickling_handshake() as port, Web(QUICK) as web, in_time():
            with pytest.raises(TrustListError) as caught:
                web.get(f"https://127.0.0.1:{port}/did.json")
            assert reason_of(caught) is ListReason.FETCH_TIMEOUT

    def test_after_a_slow_server_the_next_one_is_asked_as_ever(self) -> None:
        def slow(asked: Asked) -> None:
            server.trickle(asked, SLOW_HEADERS)

        with serving(slow) as server, serving(well) as other, Web(QUICK) as web:
            with pytest.raises(TrustListError):
                web.get(server.at())
            assert web.get(other.at()).data == LIST


@contextmanager
def trickling_handshake() -> Iterator[int]:
    """A server that begins a TLS record and never comes to its end; its port."""
    over = threading.Event()

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"\x16\x03\x03\x40\x00")
            while not over.wait(0.02):
                try:
                    connection.sendall(b"\x00")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


class TestElsewhere:
    @pytest.mark.parametrize(
        "target",
        [
            "https://elsewhere.example/did.json",
            "http://elsewhere.example/did.json",
            "//elsewhere.example/did.json",
            "https://127.0.0.1/did.json",
            "http://127.0.0.1:1/did.json",
            "http://user@127.0.0.1/did.json",
            "file:///etc/passwd",
            "http://[::1/",
            "",
        ],
    )
    def test_no_redirect_leads_to_another_server(self, target: str) -> None:
        with serving(status(302, Location=target)) as server:
            assert refused(server).reason is ListReason.FETCH_REDIRECTED
        assert len(server.asked) == 1

    def test_a_redirect_on_the_same_server_is_followed(self) -> None:
        with serving(status(301, Location="/other/did.json"), well) as server:
            assert get(server).data == LIST
        assert [asked.path for asked in server.asked] == ["/v2/trustlist/did.json", "/other/did.json"]

    def test_and_not_in_a_circle(self) -> None:
        with serving(status(308, Location="/v2/trustlist/did.json")) as server:
            error = refused(server)
        assert (error.reason, error.detail) == (ListReason.FETCH_REDIRECTED, {"redirects": QUICK.redirects})
        assert len(server.asked) == QUICK.redirects + 1

    @pytest.mark.parametrize(
        "address",
        ["http://trust.example/did.json", "ftp://trust.example/did.json", "file:///etc/passwd", "/etc/passwd", ""],
    )
    def test_nothing_but_https_is_asked(self, address: str) -> None:
        with Web(QUICK) as web, pytest.raises(TrustListError) as caught:
            web.get(address)
        assert reason_of(caught) is ListReason.ADDRESS_UNUSABLE

    def test_this_machine_is_asked_without_tls_only_where_that_is_wanted(self) -> None:
        with serving(well) as server:
            assert refused(server, FetchPolicy()).reason is ListReason.ADDRESS_UNUSABLE
        assert server.asked == []


class TestTls:
    def test_a_server_of_an_authority_that_is_trusted(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make_tls(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with serving(well, tls=tmp_path) as server:
            assert get(server, FetchPolicy()).data == LIST

    def test_a_server_that_nobody_vouches_for_is_refused_at_once(self, tmp_path: Path) -> None:
        with serving(well, tls=make_tls(tmp_path)) as server:
            assert refused(server).reason is ListReason.FETCH_TLS
        assert server.asked == []

    def test_a_server_with_the_certificate_of_another_host_is_refused(self, tmp_path: Path) -> None:
        make_tls(tmp_path, host="trust.example")
        context = ssl.create_default_context(cafile=tmp_path / "authority.pem")
        with (
            serving(well, tls=tmp_path) as server,
            Web(QUICK, tls=context) as web,
            pytest.raises(TrustListError) as caught,
        ):
            web.get(server.at())
        assert reason_of(caught) is ListReason.FETCH_TLS

    def test_a_server_without_tls_is_no_tls_server(self) -> None:
        with serving(well) as server, Web(QUICK) as web, pytest.raises(TrustListError) as caught:
            web.get(server.at().replace("http:", "https:"))
        assert reason_of(caught) is ListReason.FETCH_FAILED


class TestProxies:
    """The proxy here answers itself: what counts is that it is asked, and how."""

    @pytest.fixture
    def proxied(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        return lambda proxy: monkeypatch.setenv("HTTPS_PROXY", proxy)

    def test_a_proxy_of_the_environment_is_asked_for_a_tunnel(self, proxied: Callable[[str], None]) -> None:
        with tunnel() as (port, heard):
            proxied(f"http://me:se%20cret@127.0.0.1:{port}")
            with Web(QUICK) as web, pytest.raises(TrustListError) as caught:
                web.get("https://trust.example/did.json")
        assert reason_of(caught) is ListReason.FETCH_FAILED
        assert heard[0].startswith(b"CONNECT trust.example:443 HTTP/1.")
        assert b"\r\nproxy-authorization: basic bwu6c2ugy3jlda==\r\n" in heard[0].lower()

    def test_a_proxy_named_without_a_scheme(self, proxied: Callable[[str], None]) -> None:
        with tunnel() as (port, heard):
            proxied(f"127.0.0.1:{port}")
            with Web(QUICK) as web, pytest.raises(TrustListError):
                web.get("https://trust.example/did.json")
        assert heard[0].startswith(b"CONNECT trust.example:443")

    def test_hosts_without_proxy_are_asked_straight(
        self, proxied: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tunnel() as (port, heard):
            proxied(f"http://127.0.0.1:{port}")
            monkeypatch.setenv("NO_PROXY", "trust.invalid")
            with Web(QUICK) as web, pytest.raises(TrustListError):
                web.get("https://trust.invalid/did.json")
        assert heard == []

    @pytest.mark.parametrize("proxy", ["http://", "socks5://127.0.0.1:1", "http://[::1", "://"])
    def test_a_proxy_that_is_none_is_an_error_of_ours(self, proxied: Callable[[str], None], proxy: str) -> None:
        proxied(proxy)
        with Web(QUICK) as web, pytest.raises(TrustListError) as caught:
            web.get("https://trust.invalid/did.json")
        assert reason_of(caught) is ListReason.FETCH_FAILED


@contextmanager
def tunnel() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that hears out every request and refuses it; its port, and what it heard."""
    heard: list[bytes] = []

    def answer() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
