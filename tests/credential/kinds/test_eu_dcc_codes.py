"""Codes shown as what they stand for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from credential.kinds import eu_dcc_codes as codes


@pytest.mark.parametrize(
    ("field", "code", "shown"),
    [
        ("v.tg", "840539006", "COVID-19"),
        ("v.vp", "1119349007", "SARS-CoV-2 mRNA vaccine"),
        ("v.mp", "EU/1/20/1528", "Comirnaty"),
        ("v.ma", "ORG-100030215", "BioNTech Manufacturing GmbH"),
        ("t.tt", "LP6464-4", "Nucleic acid amplification with probe detection"),
        ("t.tr", "260415000", "Not detected"),
        ("t.ma", "1232", "1232"),
        ("v.mp", "EU/1/99/9999", "EU/1/99/9999"),
        ("v.unknown", "X", "X"),
    ],
)
def test_a_known_code_is_named_and_another_shown_as_it_is(field: str, code: str, shown: str) -> None:
    assert codes.display(field, code) == shown


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("table", "file"),
    [
        (codes.DISEASES, "disease-agent-targeted"),
        (codes.VACCINE_TYPES, "vaccine-prophylaxis"),
        (codes.PRODUCTS, "vaccine-medicinal-product"),
        (codes.MANUFACTURERS, "vaccine-mah-manf"),
        (codes.TEST_TYPES, "test-type"),
        (codes.TEST_RESULTS, "test-result"),
    ],
)
def test_every_published_code_has_a_name(table: dict[str, str], file: str, corpora: Path) -> None:
    published: dict[str, Any] = json.loads((corpora / f"reference/dcc-valuesets/{file}.json").read_text())
    assert set(table) == set(published["valueSetValues"])
