"""Shutting connections from outside when the time is over, whatever they are waiting for.

A socket's own timeout starts anew with every byte. A connection is held here from the moment it stands, before its
TLS handshake, by a second handle on the same socket.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Brake:
    """All open connections of one client, and the clock that shuts them."""

    def __init__(self) -> None:
        self._held: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.pulled = False
        """Whether the time of the last use was over before its end."""

    @contextmanager
    def after(self, seconds: float) -> Iterator[None]:
        """Shut every connection if what is done inside takes longer than this."""
        self.pulled = False
        clock = threading.Timer(max(seconds, 0.0), self._pull)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            clock.join()

    def hold(self, connected: socket.socket) -> socket.socket:
        """A second handle on a connection: TLS takes the first one away."""
        handle = connected.dup()
        with self._lock:
            self._held.add(handle)
            if self.pulled:
                _shut(handle)
        return handle

    def release(self, handle: socket.socket) -> None:
        """Let go of a connection that is closed."""
        with self._lock:
            self._held.discard(handle)
        handle.close()

    def _pull(self) -> None:
        with self._lock:
            self.pulled = True
            for handle in self._held:
                _shut(handle)


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        handle.shutdown(socket.SHUT_RDWR)
