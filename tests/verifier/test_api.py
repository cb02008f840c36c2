"""The REST interface: the same verdicts as everywhere, one shape of error, nothing logged."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from pratique.factory import BODY_BYTES, create_app
from tests.verifier.scene import NOW, SECONDS, TRUST, Parts, parts
from verifier import verify
from verifier.api import MOST_CODES


def clock() -> datetime:
    return NOW


@pytest.fixture
def client() -> FlaskClient:
    return create_app(trust=TRUST, clock=clock).test_client()


def test_verdicts_come_in_order_and_are_those_of_verify(client: FlaskClient) -> None:
    codes = [Parts().text(), parts(expires=SECONDS - 1).text(), "HELLO"]
    answer = client.post("/api/v1/verify", json={"codes": codes})
    assert answer.status_code == 200
    assert answer.get_json()["verdicts"] == [verify(code, trust=TRUST, at=NOW).to_dict() for code in codes]
    assert [verdict["outcome"] for verdict in answer.get_json()["verdicts"]] == ["accepted", "rejected", "rejected"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 422),
        ({"codes": []}, 422),
        ({"codes": [1]}, 422),
        ({"codes": "HC1:"}, 422),
        ({"codes": ["HC1:"], "at": "2020"}, 422),
        ({"codes": ["x"] * (MOST_CODES + 1)}, 422),
    ],
)
def test_a_malformed_request_is_a_problem_in_the_one_shape(client: FlaskClient, body: Any, status: int) -> None:
    answer = client.post("/api/v1/verify", json=body)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert set(answer.get_json()) == {"type", "title", "status", "detail"}


def test_other_faults_have_the_same_shape(client: FlaskClient) -> None:
    answers = [
        client.post("/api/v1/verify", data="{", content_type="application/json"),
        client.post("/api/v1/verify", data="HC1:", content_type="text/plain"),
        client.post("/api/v1/verify", data=b"x" * (BODY_BYTES + 1), content_type="application/json"),
        client.get("/api/v1/verify"),
        client.get("/nothing"),
    ]
    assert [answer.status_code for answer in answers] == [400, 415, 413, 405, 404]
    assert {answer.mimetype for answer in answers} == {"application/problem+json"}


def test_health_says_how_old_the_list_is(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"status": "ok", "keys": 1, "trust_age_seconds": 86_400}


def test_nothing_of_a_request_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = Parts().text()
    client.post("/api/v1/verify", json={"codes": [code, code + "X", "Okoye"]})
    assert code[:40] not in caplog.text
    assert "Okoye" not in caplog.text
