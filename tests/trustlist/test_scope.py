"""Who may sign what: the default table, tables of one's own, and what a slip in one does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.errors import Reason
from tests.trustlist.parts import reason_of
from tests.verifier.scene import AUTHORITY, NOW, SIGNER, listed, parts, trusting
from trustlist import (
    DEFAULT_SCOPES,
    Environment,
    KeyUsage,
    ListReason,
    Scope,
    ScopeTable,
    Source,
    TrustedKey,
    TrustListError,
    read_scopes,
)
from trustlist.scope import describe_scopes, write_scopes
from verifier import Outcome, Policy, verify

ROW = {"domains": ["DCC"], "usages": ["DSC"]}
SOURCE = Source("list", "kind", Environment.PRIVATE, None, 1)


def key(domain: str | None, usage: KeyUsage = KeyUsage.DSC, *, pinned: bool = False) -> TrustedKey:
    return TrustedKey(b"kid", b"0", "XXA", domain, usage, pinned, SOURCE, "here")


class TestDefault:
    @pytest.mark.parametrize(
        ("kind", "domain", "allowed"),
        [
            ("eu-dcc", "DCC", True),
            ("eu-dcc", "DDCC", True),
            ("eu-dcc", "PH4H", False),
            ("eu-dcc", "SHC", False),
            ("ddcc-vs", "DDCC", True),
            ("ddcc-vs", "DCC", False),
            ("ddcc-tr", "DDCC", True),
            ("vhl", "IPS-PILGRIMAGE", True),
            ("vhl", "PH4H", True),
            ("vhl", "DCC", False),
            ("icvp", "ICVP", True),
            ("icvp", "DDCC", False),
            ("medication", "PH4H", True),
            ("shc", "SHC", True),
            ("shc", "DCC", False),
            ("vds-nc", "ICAO", True),
            ("divoc", "DIVOC", True),
            ("unheard-of", "DCC", False),
            ("eu-dcc", None, False),
        ],
    )
    def test_a_listed_key_signs_within_its_domain(self, kind: str, domain: str | None, allowed: bool) -> None:
        assert DEFAULT_SCOPES.allows(kind, key(domain)) is allowed

    @pytest.mark.parametrize("usage", [usage for usage in KeyUsage if usage is not KeyUsage.DSC])
    def test_only_signers_sign(self, usage: KeyUsage) -> None:
        assert not DEFAULT_SCOPES.allows("eu-dcc", key("DCC", usage))

    def test_a_key_handed_over_is_bound_by_the_domain_it_was_handed_over_for(self) -> None:
        assert DEFAULT_SCOPES.allows("eu-dcc", key(None, pinned=True))
        assert DEFAULT_SCOPES.allows("unheard-of", key(None, pinned=True))
        assert DEFAULT_SCOPES.allows("eu-dcc", key("DCC", pinned=True))
        assert not DEFAULT_SCOPES.allows("eu-dcc", key("SHC", pinned=True))

    def test_every_row_says_where_it_is_from(self) -> None:
        for kind, domains, usages, source in describe_scopes(DEFAULT_SCOPES):
            assert kind
            assert domains
            assert usages
            assert source


class TestOwn:
    def test_the_default_is_a_start_for_ones_own(self) -> None:
        assert read_scopes(write_scopes(DEFAULT_SCOPES), name="default") == DEFAULT_SCOPES

    def test_a_table_replaces_the_default_as_a_whole(self) -> None:
        table = read_scopes(b'{"kinds":{"icvp":{"domains":["PH4H"],"usages":["DSC"]}}}', name="mine.json")
        assert table.name == "mine.json"
        assert table.allows("icvp", key("PH4H"))
        assert not table.allows("eu-dcc", key("DCC"))
        assert describe_scopes(table) == (("icvp", "PH4H", "DSC", ""),)

    def test_any_domain(self) -> None:
        table = read_scopes(b'{"kinds":{"icvp":{"domains":"*","usages":["DSC","SCA"]}}}', name="mine")
        assert table.allows("icvp", key("ANY"))
        assert table.allows("icvp", key(None))
        assert not table.allows("icvp", key("ANY", KeyUsage.TLS))
        assert read_scopes(write_scopes(table), name="mine") == table
        assert describe_scopes(table)[0][1] == "any"

    @pytest.mark.parametrize(
        ("document", "at"),
        [
            ([], "document"),
            ({}, "kinds"),
            ({"kinds": {}}, "kinds"),
            ({"kinds": []}, "kinds"),
            ({"kinds": {"a": ROW}, "more": 1}, "document"),
            ({"kinds": {"A b": ROW}}, "kinds"),
            ({"kinds": {"a": []}}, "kinds.a"),
            ({"kinds": {"a": {**ROW, "domain": ["DCC"]}}}, "kinds.a"),
            ({"kinds": {"a": {**ROW, "source": 1}}}, "kinds.a"),
            ({"kinds": {"a": {"usages": ["DSC"]}}}, "kinds.a.domains"),
            ({"kinds": {"a": {"domains": [], "usages": ["DSC"]}}}, "kinds.a.domains"),
            ({"kinds": {"a": {"domains": ["*"], "usages": ["DSC"]}}}, "kinds.a.domains"),
            ({"kinds": {"a": {"domains": "DCC", "usages": ["DSC"]}}}, "kinds.a.domains"),
            ({"kinds": {"a": {"domains": ["DCC", "DCC"], "usages": ["DSC"]}}}, "kinds.a.domains"),
            ({"kinds": {"a": {"domains": [["DCC"]], "usages": ["DSC"]}}}, "kinds.a.domains"),
            ({"kinds": {"a": {"domains": ["DCC"]}}}, "kinds.a.usages"),
            ({"kinds": {"a": {"domains": ["DCC"], "usages": ["CSCA"]}}}, "kinds.a.usages"),
        ],
    )
    def test_a_slip_refuses_the_table(self, document: Any, at: str) -> None:
        with pytest.raises(TrustListError) as caught:
            read_scopes(json.dumps(document).encode(), name="mine")
        assert (reason_of(caught), caught.value.detail["at"]) == (ListReason.SCOPE_MALFORMED, at)

    def test_what_is_no_json(self) -> None:
        with pytest.raises(TrustListError) as caught:
            read_scopes(b"kinds: {}", name="mine")
        assert reason_of(caught) is ListReason.DOCUMENT_NOT_JSON

    @given(
        st.dictionaries(
            st.from_regex(r"[a-z][a-z-]{0,9}", fullmatch=True),
            st.builds(
                Scope,
                st.none() | st.frozensets(st.from_regex(r"[A-Z][A-Z-]{0,9}", fullmatch=True), min_size=1),
                st.frozensets(st.sampled_from(KeyUsage), min_size=1),
                st.text(),
            ),
            min_size=1,
        )
    )
    def test_any_table_comes_back(self, rows: dict[str, Scope]) -> None:
        assert read_scopes(write_scopes(ScopeTable("mine", rows)), name="mine").rows == rows


class TestVerifying:
    def test_the_policy_says_who_may_sign(self) -> None:
        trust = trusting(listed((SIGNER, AUTHORITY), domain="PH4H"))
        verdict = verify(parts().text(), trust=trust, at=NOW)
        assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, Reason.USAGE_NOT_ALLOWED)
        wider = read_scopes(b'{"kinds":{"eu-dcc":{"domains":["PH4H"],"usages":["DSC"]}}}', name="mine")
        assert verify(parts().text(), trust=trust, at=NOW, policy=Policy(scopes=wider)).outcome is Outcome.ACCEPTED

    def test_no_listed_key_signs_a_kind_that_the_table_does_not_name(self) -> None:
        table = read_scopes(b'{"kinds":{"icvp":{"domains":"*","usages":["DSC"]}}}', name="mine")
        trust = trusting(listed((SIGNER, AUTHORITY)))
        verdict = verify(parts().text(), trust=trust, at=NOW, policy=Policy(scopes=table))
        assert verdict.reason is Reason.USAGE_NOT_ALLOWED
