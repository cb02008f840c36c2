"""What holds for every certificate, and for everything that is none."""

from __future__ import annotations

import json

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Stage
from credential.kinds.eu_dcc import EuDcc, read_eu_dcc
from credential.kinds.eu_dcc_issue import check_for_issue
from credential.kinds.reading import Rule
from credential.wire import cbor
from tests.credential.kinds.claims import RECOVERY, TEST, VACCINATION
from tests.credential.kinds.strategies import eu_dccs, near_claims, whatever

claims = eu_dccs().map(EuDcc.to_claim)
_KEYS = st.sampled_from(["ver", "nam", "dob", "v", "t", "r", "fn", "fnt", "dn", "dt", "sc"]) | st.text() | st.integers()
anything = st.recursive(
    whatever | st.sampled_from([cbor2.undefined, cbor2.CBORSimpleValue(200), cbor2.CBORTag(7, "x")]),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(_KEYS, inner) | st.frozensets(st.integers()),
    max_leaves=30,
)


@given(eu_dccs())
def test_what_is_written_is_read_back(dcc: EuDcc) -> None:
    assert read_eu_dcc(dcc.to_claim()) == (dcc, (), ())


@given(eu_dccs())
def test_what_may_be_issued_survives_cbor_and_json(dcc: EuDcc) -> None:
    assert check_for_issue(dcc) == ()
    claim = dcc.to_claim()
    from_cbor, deviations = cbor.loads(cbor.dumps(claim), Stage.CWT)
    assert deviations == ()
    assert read_eu_dcc(from_cbor).credential == dcc
    assert read_eu_dcc(json.loads(json.dumps(claim))).credential == dcc


@given(eu_dccs())
def test_members_stand_in_the_order_of_the_specification(dcc: EuDcc) -> None:
    claim = dcc.to_claim()
    assert list(claim) == ["ver", "nam", "dob", dcc.group]
    model = {"v": VACCINATION, "t": TEST, "r": RECOVERY}[dcc.group][dcc.group][0]
    order = list(model) if dcc.group != "t" else ["tg", "tt", "nm", "ma", "sc", "tr", "tc", "co", "is", "ci"]
    assert list(claim[dcc.group][0]) == [key for key in order if key in claim[dcc.group][0]]
    assert None not in (*claim["nam"].values(), *claim[dcc.group][0].values())


@given(anything)
def test_reading_anything_at_all_only_reports(claim: object) -> None:
    report_is_sound(claim)


@given(near_claims(claims))
def test_reading_what_is_nearly_a_certificate_only_reports(claim: object) -> None:
    report_is_sound(claim)


def report_is_sound(claim: object) -> None:
    reading = read_eu_dcc(claim)
    assert isinstance(reading.credential, EuDcc) or reading.problems
    assert len(reading.problems) < 40
    assert all(problem.rule in Rule for problem in reading.problems)
    assert len(set(reading.deviations)) == len(reading.deviations)
    if not reading.problems:
        assert reading.credential is not None
        again = read_eu_dcc(reading.credential.to_claim())
        assert (again.credential, again.problems) == (reading.credential, ())
