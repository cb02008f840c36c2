"""`pratique serve`: the REST interface on this machine, with the server that comes with Flask.

For more than one machine's worth of use, run `pratique.factory:create_app` under a WSGI server of your choice.
"""

from __future__ import annotations

import logging

import click
from werkzeug.serving import make_server

from credential.cli import say
from pratique.factory import create_app
from trustlist import TrustSnapshot
from trustlist.cli import trust_options
from verifier.cli import PolicyName
from verifier.policy import Policy


@click.command()
@trust_options
@click.option("--policy", type=PolicyName(), default="authenticity", help="The policy of every verdict.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65_535), help="Port to listen on.")
def serve(trust: TrustSnapshot, policy: Policy, host: str, port: int) -> None:
    """Answer POST /api/v1/verify with verdicts. Neither codes nor requests are stored or logged."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(host, port, create_app(trust=trust, policy=policy), threaded=True)
    say(f"http://{host}:{server.server_port}/api/v1/verify  {len(trust)} keys, policy {policy.name}; stop with Ctrl-C")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
