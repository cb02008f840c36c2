"""`POST /api/v1/verify`: codes in, verdicts out, the same JSON as everywhere. Nothing of them is kept or logged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from trustlist import TrustSnapshot
from verifier.policy import Policy
from verifier.verify import verify

MOST_CODES = 100
"""Codes in one request."""


def verify_blueprint(trust: TrustSnapshot, policy: Policy, clock: Callable[[], datetime]) -> Blueprint:
    """The routes of a verifier that trusts `trust`; `clock` gives the timezone-aware moment of each request.

    Request: `{"codes": ["HC1:…", …]}`. Response: `{"verdicts": [{"outcome": …}, …]}`, in the same order. A code that
    cannot be read is a verdict like any other; only a malformed request is an error.
    """
    routes = Blueprint("verify", __name__, url_prefix="/api/v1")

    @routes.post("/verify")
    def verify_codes() -> Response:
        codes = _codes(request.get_json())
        at = clock()
        verdicts = [verify(code, trust=trust, at=at, policy=policy).to_dict() for code in codes]
        return jsonify(verdicts=verdicts)

    return routes


def _codes(body: Any) -> list[str]:
    codes = body.get("codes") if isinstance(body, dict) and set(body) == {"codes"} else None
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, 'Expected an object with one member "codes", a list of texts.')
    if not 0 < len(codes) <= MOST_CODES:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY, f"Expected 1 to {MOST_CODES} codes.")
    return codes
