"""A web server on this machine that answers well, badly, slowly or for ever; with TLS or without."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.pki import END, START

HOST = "127.0.0.1"


@dataclass
class Asked:
    """What the server was asked."""

    path: str
    headers: dict[str, str]
    handler: BaseHTTPRequestHandler = field(repr=False)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; underscores in the names of headers stand for hyphens."""
        self.start(status, Content_Length=str(len(body)), **headers)
        self.handler.wfile.write(body)

    def start(self, status: int, **headers: str) -> None:
        """Status and headers only."""
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def raw(self, data: bytes) -> None:
        """Bytes as they are, at once."""
        self.handler.wfile.write(data)
        self.handler.wfile.flush()


Answering: TypeAlias = Callable[[Asked], None]


@dataclass
class Server:
    """A running server; `answers` is tried from its start, its last one stays."""

    address: str
    port: int
    answers: list[Answering]
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def at(self, path: str = "/v2/trustlist/did.json") -> str:
        """The address of a path."""
        return self.address + path

    def trickle(self, asked: Asked, data: bytes, *, pause: float = 0.02) -> None:
        """Bytes one by one, until whoever asked has gone."""
        for byte in data:
            if self.closing.is_set():
                return
            asked.raw(bytes([byte]))
            time.sleep(pause)


@contextmanager
def serving(*answers: Answering, tls: Path | None = None) -> Iterator[Server]:
    """A server with these answers, on a free port; `tls` is the folder of `make_tls`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer by the next of the answers."""
            asked = Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, self)
            server.asked.append(asked)
            answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            with suppress(OSError):  # whoever asked has gone
                answer(asked)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class names it
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Connections that break are what this server is for."""

    web = Quiet((HOST, 0), Handler)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "server.pem")
        web.socket = context.wrap_socket(web.socket, server_side=True)
    port = int(web.server_address[1])
    server = Server(f"http{'s' if tls else ''}://{HOST}:{port}", port, list(answers))
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        web.shutdown()
        thread.join()
        web.server_close()


def make_tls(folder: Path, *, host: str = HOST) -> Path:
    """A certificate of this machine's own: `server.pem` for the server, `authority.pem` for who asks."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(host)) if host == HOST else x509.DNSName(host)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), START, END)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(private + certificate)
    (folder / "authority.pem").write_bytes(certificate)
    return folder
