"""The web application, assembled from the rooms' blueprints. There is one shape of error: RFC 9457 problem details."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from trustlist import TrustSnapshot
from verifier.api import verify_blueprint
from verifier.policy import DEFAULT_POLICY, Policy

BODY_BYTES = 1024 * 1024
"""The largest request that is read."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(*, trust: TrustSnapshot, policy: Policy = DEFAULT_POLICY, clock: Callable[[], datetime] = _now) -> Flask:
    """A WSGI application that verifies under `policy` with the keys of `trust`."""
    app = Flask("pratique", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.register_blueprint(verify_blueprint(trust, policy, clock))
    app.register_error_handler(HTTPException, _problem)
    app.after_request(_with_headers)

    @app.get("/health")
    def health() -> Response:
        age = trust.age(clock())
        return jsonify(
            status="ok", keys=len(trust), trust_age_seconds=None if age is None else int(age.total_seconds())
        )

    return app


def _problem(error: HTTPException) -> Response:
    status = error.code or 500
    body = {"type": "about:blank", "title": error.name, "status": status, "detail": error.description}
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _with_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response
