"""`pratique trust doctor` as an administrator meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pratique.conftest import Run
from tests.trustlist.did_lists import LIST_DID, SIGNER_DID, Json, base64url, network
from tests.trustlist.doctor.lists import Sample
from tests.trustlist.doctor.pairs import PAIRS
from trustlist.did import build_document, encode_document
from trustlist.doctor import FindingKind
from trustlist.doctor.messages import ENGLISH, words

AT = ("--at", "2026-11-22T12:00:00Z")
REFERENCES = LIST_DID.replace("trustlist", "trustlist-ref")
BESIDE_THE_LIST = {
    FindingKind.REFERENCE_OTHER_ENVIRONMENT,
    FindingKind.REFERENCE_FOREIGN_HOST,
    FindingKind.REFERENCE_DANGLING,
    FindingKind.LIST_REFUSED,
    FindingKind.LIST_EMPTY,
}
"""Not in a saved list, but in the documents that it came from."""
Save = Callable[[Sample], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves a sample's list as a snapshot."""

    def write(sample: Sample) -> Path:
        sample.trust.save(tmp_path / "trust.snapshot")
        return tmp_path / "trust.snapshot"

    return write


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The key of the small network's lists."""
    numbers = network().list_key.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "x": base64url(numbers.x.to_bytes(32)), "y": base64url(numbers.y.to_bytes(32))}
    method = {"id": SIGNER_DID, "type": "JsonWebKey2020", "controller": SIGNER_DID, "publicKeyJwk": jwk}
    path = tmp_path / "key.json"
    path.write_text(json.dumps({"id": SIGNER_DID, "verificationMethod": [method]}))
    return path


def publish(folder: Path, document: Json) -> Path:
    """Put a signed list where its name says, below a folder."""
    place = folder.joinpath(*str(document["id"]).split(":")[3:])
    place.mkdir(parents=True, exist_ok=True)
    (place / "did.json").write_bytes(encode_document(document))
    return place / "did.json"


def reference_list(*links: str) -> Json:
    """A signed list of references."""
    document = build_document(REFERENCES, ())
    return network().sign(document | {"verificationMethod": list(links)})


def test_a_clean_list_ends_well(run: Run, demo_folder: Path) -> None:
    ran = run("trust", "doctor", "--trust", demo_folder / "trust.snapshot")
    assert ran.status == 0
    assert "Nothing was found." in ran.out
    assert "DSC 9 · SCA 3" in ran.out


@pytest.mark.parametrize("kind", [kind for kind in FindingKind if kind not in BESIDE_THE_LIST])
def test_a_finding_is_said_with_what_to_do_and_gives_the_status(run: Run, save: Save, kind: FindingKind) -> None:
    sample = PAIRS[kind][0].bad()
    assert not sample.arguments
    ran = run("trust", "doctor", "--trust", save(sample), *AT)
    report = sample.examine()
    assert ran.status == int(report.is_serious)
    said = words(kind)
    text = " ".join(ran.out.split())
    assert all(part in text for part in (said.title, said.meaning, f"→ {said.remedy}"))
    others = set(FindingKind) - {finding.kind for finding in report.findings}
    assert not [other for other in others if f" {ENGLISH[other].meaning}" in text]


def test_the_report_fits_a_narrow_terminal_and_has_no_colours_off_it(
    run: Run, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = run("trust", "doctor", "--trust", save(PAIRS[FindingKind.TWO_USAGES][0].bad()), *AT)
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "\x1b" not in ran.out


def test_counts_stand_before_findings_and_the_gravest_first(run: Run, save: Save) -> None:
    ran = run("trust", "doctor", "--trust", save(PAIRS[FindingKind.TWO_USAGES][0].bad()), *AT)
    places = [ran.out.index(word) for word in ("entries 2", "SERIOUS", "WARNINGS", "serious 1 · warnings 3")]
    assert places == sorted(places)


def test_json_is_one_object_and_gives_the_same_status(run: Run, save: Save) -> None:
    sample = PAIRS[FindingKind.WEAK_KEY][0].bad()
    ran = run("trust", "doctor", "--trust", save(sample), "--json", *AT)
    assert ran.status == 1
    assert json.loads(ran.out) == sample.examine().to_dict()


def test_the_page_is_written_whole(run: Run, save: Save, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    ran = run("trust", "doctor", "--trust", save(PAIRS[FindingKind.EXPIRED][0].bad()), "--html", page, *AT)
    assert ran.status == 0
    text = page.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert len(re.findall("<svg", text)) == 2
    assert words(FindingKind.EXPIRED).title in text


def test_a_page_that_cannot_be_written_is_said(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    ran = run(
        "trust", "doctor", "--trust", demo_folder / "trust.snapshot", "--html", tmp_path / "nowhere" / "report.html"
    )
    assert ran.status == 65
    assert "cannot be written" in ran.err


def test_a_list_that_cannot_be_read_is_65(run: Run, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\x00noise")
    for source in (tmp_path / "noise", tmp_path / "missing"):
        ran = run("trust", "doctor", "--trust", source)
        assert (ran.status, ran.out) == (65, "")
        assert "Traceback" not in ran.err


def test_references_of_the_list_itself_are_looked_at(run: Run, key: Path, tmp_path: Path) -> None:
    """Whether a list exists is not known from one file, so nothing is said to dangle."""
    here = publish(tmp_path, reference_list("did:web:elsewhere.example", f"{REFERENCES}:DCC"))
    ran = run("trust", "doctor", "--trust", here, "--trust-key", key, "--json", "--at", "2026-06-02")
    assert ran.status == 0
    (finding,) = json.loads(ran.out)["findings"]
    assert (finding["kind"], finding["position"]) == ("reference-foreign-host", "did:web:elsewhere.example")


def test_references_of_a_whole_tree_are_looked_at(run: Run, key: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    root = publish(tree, network().document())
    publish(tree, reference_list(LIST_DID, f"{REFERENCES}:DCC", "did:web:tng-cdn.who.int:v2:trustlist"))
    (tree / "old").mkdir()
    (tree / "old" / "did.json").write_text('{"id": "did:web:trust.example:old"}')
    (tree / "torn").mkdir()
    (tree / "torn" / "did.json").write_text('{"id": "did:web:tr')
    arguments = ("--trust", root, "--trust-key", key, "--lists", tree, "--at", "2026-06-02")
    ran = run("trust", "doctor", *arguments, "--json")
    assert ran.status == 1
    found = {(finding["kind"], finding["position"]) for finding in json.loads(ran.out)["findings"]}
    assert found == {
        ("reference-dangling", f"{REFERENCES}:DCC"),
        ("reference-other-environment", "did:web:tng-cdn.who.int:v2:trustlist"),
        ("list-refused", "old/did.json"),
        ("list-refused", "torn/did.json"),
    }
    shown = run("trust", "doctor", *arguments)
    assert f"{REFERENCES} → {REFERENCES}:DCC" in " ".join(shown.out.split())


def test_a_list_that_is_there_but_refused_does_not_dangle(run: Run, key: Path, tmp_path: Path) -> None:
    old = "did:web:trust.example:old"
    tree = tmp_path / "tree"
    here = publish(tree, reference_list(old))
    (tree / "old").mkdir()
    (tree / "old" / "did.json").write_text(json.dumps({"id": old}))
    ran = run("trust", "doctor", "--trust", here, "--trust-key", key, "--lists", tree, "--at", "2026-06-02", "--json")
    assert [finding["kind"] for finding in json.loads(ran.out)["findings"]] == ["list-refused"]


@pytest.mark.parametrize("make", [False, True])
def test_a_tree_without_lists_is_65(run: Run, key: Path, tmp_path: Path, make: bool) -> None:
    here = publish(tmp_path, network().document())
    tree = tmp_path / "empty"
    if make:
        tree.mkdir()
    ran = run("trust", "doctor", "--trust", here, "--trust-key", key, "--lists", tree)
    assert (ran.status, ran.out) == (65, "")


def test_a_tree_is_not_read_without_a_key(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    ran = run("trust", "doctor", "--trust", demo_folder / "trust.snapshot", "--lists", tmp_path)
    assert ran.status == 65
    assert "signer's key" in ran.err
