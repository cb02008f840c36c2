"""Extended key usage against the groups of a health certificate."""

from __future__ import annotations

import pytest

from credential.usage import GROUP_OF, OID_OF, allowed_groups

CLIENT, EMAIL = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"


@pytest.mark.parametrize("arc", ["1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1"])
@pytest.mark.parametrize(("last", "group"), [(1, "test"), (2, "vaccination"), (3, "recovery")])
def test_each_purpose_allows_its_group_under_both_arcs(arc: str, last: int, group: str) -> None:
    assert allowed_groups((f"{arc}.{last}",)) == frozenset({group})


@pytest.mark.parametrize("purposes", [(), (CLIENT,), (CLIENT, EMAIL), ("1.3.6.1.4.1.1847.2021.1.4",)])
def test_no_purpose_of_ours_restricts_nothing(purposes: tuple[str, ...]) -> None:
    assert allowed_groups(purposes) is None


def test_purposes_add_up_and_others_are_passed_over() -> None:
    purposes = (CLIENT, "1.3.6.1.4.1.0.1847.2021.1.3", OID_OF["test"], "1.3.6.1.4.1.1847.2022.1.20")
    assert allowed_groups(purposes) == frozenset({"test", "recovery"})


def test_what_is_written_is_read_back() -> None:
    assert {group: GROUP_OF[oid] for group, oid in OID_OF.items()} == {group: group for group in OID_OF}
    assert set(OID_OF) == {"test", "vaccination", "recovery"}
