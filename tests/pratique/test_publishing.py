"""A trust list published and audited from the command line, with custodians in different places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from issuer.store import write_key
from pratique.demo import PASSPHRASE
from pratique.publishing.keys import Office, new_key, public_half
from tests.pki import make_authority
from tests.pratique.conftest import Ran, Run
from trustlist import read_document, read_pinned_key
from trustlist.repository.store import Repository, fetch_from_folder

DID = "did:web:trust.example:v2:trustlist"
SIGNER = "did:web:trust.example:signer"
LOG = "trust.example/log"
LIST = "v2/trustlist/did.json"
FIRST, SECOND, THIRD = (datetime(2026, 6, day, 10, tzinfo=UTC) for day in (1, 2, 3))
OFFICES = {"list": (SIGNER, "list"), "log": (LOG, "log"), "online": ("online", "online")} | {
    name: (name, "custodian") for name in "abc"
}


@dataclass(frozen=True)
class Desk:
    """A folder with all keys, and two participants' certificates to publish."""

    folder: Path
    run: Run

    def path(self, name: str) -> Path:
        return self.folder / name

    @property
    def served(self) -> Path:
        return self.folder / "web" / "current"

    def publish(self, at: datetime, *options: str | Path, source: str = "certificates") -> Ran:
        return self.run(
            *("trust", "publish", self.path(source), "--did", DID, "--signer", SIGNER, "-o", self.path("web")),
            *("--key", self.path("list.key.pem"), "--at", at.isoformat(), *options),
        )

    def logged(self, by: str = "trust.example:board") -> tuple[str | Path, ...]:
        secret, public = self.path("log.key.pem"), self.path("log.vkey")
        return ("--log", self.path("log"), "--log-secret", secret, "--log-key", public, "--by", by)

    def online(self, *custodians: str) -> tuple[str | Path, ...]:
        keys = [("--custodian", self.path(f"{name}.key.pem")) for name in custodians]
        return ("--online", self.path("online.key.pem"), *(part for key in keys for part in key))

    def audit(self, *options: str | Path) -> Ran:
        return self.run("trust", "audit", "--log", self.path("log"), "--log-key", self.path("log.vkey"), *options)

    def audit_served(self, *options: str | Path) -> Ran:
        return self.audit("--list", self.served / LIST, "--trust-key", self.path("list.did.json"), *options)

    def root(self, version: int = 1, *options: str | Path, signers: str = "ab") -> Path:
        path = self.path(f"{version}.root.json")
        custodians = [part for name in "abc" for part in ("--custodian", self.path(f"{name}.pub.pem"))]
        online = ("--online", self.path("online.pub.pem"), "--at", FIRST.isoformat())
        assert self.run("trust", "root", *custodians, *online, "-o", path, *options).status == 0
        for name in signers:
            assert self.run("trust", "sign", path, "--key", self.path(f"{name}.key.pem")).status == 0
        return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every office's key, made once: encrypting takes its time."""
    folder = tmp_path_factory.mktemp("keys")
    for name, (title, office) in OFFICES.items():
        key = new_key(Office(office))
        write_key(folder / f"{name}.key.pem", key, PASSPHRASE)
        suffix, public = public_half(Office(office), key, title)
        (folder / f"{name}{suffix}").write_bytes(public)
    return folder


@pytest.fixture
def desk(tmp_path: Path, run: Run, keys: Path) -> Desk:
    shutil.copytree(keys, tmp_path, dirs_exist_ok=True)
    for country in ("XA", "XB"):
        authority = make_authority(country)
        signer = authority.issue_signer()
        for usage, der in (("SCA", authority.certificate_der), ("DSC", signer.certificate_der)):
            place = tmp_path / "certificates" / f"X{country}" / "DCC" / usage
            place.mkdir(parents=True)
            (place / "key.der").write_bytes(der)
    return Desk(tmp_path, run)


def entries(desk: Desk) -> int:
    key = read_pinned_key(desk.path("list.did.json").read_bytes())
    document = read_document((desk.served / LIST).read_bytes(), key=key, expected_did=DID)
    assert all(len(entry.certificates) == 2 for entry in document.entries if entry.usage == "DSC")
    return len(document.entries)


def test_a_folder_of_certificates_becomes_a_signed_tree(desk: Desk) -> None:
    ran = desk.publish(FIRST)
    assert (ran.status, "42 lists of 4 keys, signed 2026-06-01 10:00 UTC" in ran.out) == (0, True), ran.err
    assert entries(desk) == 4


def test_the_same_source_and_time_give_the_same_bytes(desk: Desk) -> None:
    desk.publish(FIRST)
    ran = desk.publish(FIRST)
    assert "0 files written, 42 as they were, 0 gone" in ran.out


def test_a_published_list_can_be_published_again(desk: Desk) -> None:
    desk.publish(FIRST)
    desk.path("copy.json").write_bytes((desk.served / LIST).read_bytes())
    ran = desk.publish(FIRST, "--trust-key", desk.path("list.did.json"), source="copy.json")
    assert (ran.status, "0 files written, 42 as they were" in ran.out) == (0, True), ran.err


def test_an_audit_shows_who_put_in_which_key_and_that_the_log_only_grew(desk: Desk) -> None:
    desk.publish(FIRST, *desk.logged())
    first = desk.audit_served("--save", desk.path("seen"))
    assert first.status == 0
    assert "4 entries, 4 keys in the list" in first.out
    assert first.out.count("+ 2026-06-01 10:00 UTC  DCC/") == 4
    (desk.path("certificates") / "XXA" / "DCC" / "DSC" / "key.der").unlink()
    desk.publish(SECOND, *desk.logged(by="XXA:custodian"))
    second = desk.audit_served("--since", desk.path("seen"))
    assert second.status == 0
    assert "extends the log of 4 entries" in second.out
    assert [line.split()[-1] for line in second.out.splitlines() if "UTC" in line] == ["XXA:custodian"]
    machine = json.loads(desk.audit_served("--since", desk.path("seen"), "--json").out)
    assert (machine["size"], machine["previous"], machine["keys"], machine["list"]) == (5, 4, 3, "as-logged")
    assert [change["kind"] for change in machine["changes"]] == ["key.withdrawn"]


def test_an_audit_finds_a_key_that_was_published_without_being_logged(desk: Desk) -> None:
    desk.publish(FIRST, *desk.logged())
    authority = make_authority("XA")
    (desk.path("certificates") / "XXA" / "DCC" / "SCA" / "secret.der").write_bytes(authority.certificate_der)
    desk.publish(SECOND)
    ran = desk.audit_served()
    assert (ran.status, f"not-logged XXA DCC SCA {authority.kid.hex()}" in ran.out) == (1, True)
    assert json.loads(desk.audit_served("--json").out)["discrepancies"][0]["deviation"] == "not-logged"


def test_an_audit_refuses_a_log_that_lost_entries_or_was_rewritten(desk: Desk) -> None:
    desk.publish(FIRST, *desk.logged())
    desk.audit("--save", desk.path("seen"))
    desk.path("log").rename(desk.path("old"))
    desk.publish(FIRST, *desk.logged(by="someone:else"))
    ran = desk.audit("--since", desk.path("seen"))
    assert (ran.status, ran.err.startswith("ledger:")) == (1, True)


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (lambda desk: desk.audit("--log-threshold", "2"), 1, "ledger:"),
        (lambda desk: desk.run("trust", "audit", "--log", desk.path("log")), 64, "--log-key"),
        (lambda desk: desk.run("trust", "audit", "--log", desk.path("log"), "--log-key", "a+b+c"), 65, "trust-list:"),
        (lambda desk: desk.audit("--since", desk.path("no")), 65, "trust-list:"),
        (lambda desk: desk.publish(FIRST, "--log", desk.path("log")), 64, "--log-secret"),
        (lambda desk: desk.publish(FIRST, "--key", desk.path("log.key.pem")), 65, "key:"),
        (lambda desk: desk.publish(FIRST, "--did", "did:web:trust.example"), 65, "trust-list:"),
        (lambda desk: desk.run("trust", "sign", desk.path("log.vkey"), "--key", desk.path("a.key.pem")), 65, "trust-l"),
    ],
    ids=["threshold", "no key", "broken key", "no checkpoint", "half a log", "wrong key", "no root", "no metadata"],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(
    change: Callable[[Desk], Ran], status: int, said: str, desk: Desk
) -> None:
    desk.publish(SECOND, *desk.logged())
    ran = change(desk)
    assert (ran.status, said in ran.err) == (status, True), ran.err
    assert "Traceback" not in ran.err


def test_two_custodians_publish_a_repository_that_a_client_reads(desk: Desk) -> None:
    root = desk.root()
    refused = desk.publish(FIRST, *desk.logged(), *desk.online("a"), "--signed", root)
    assert refused.status == 65
    assert not desk.served.exists()
    assert not desk.path("log").exists()  # nothing is logged that was not published
    ran = desk.publish(FIRST, *desk.logged(), *desk.online("a", "c"), "--signed", root)
    assert ran.status == 0, ran.err
    client = Repository(desk.path("client"), root=root.read_bytes(), fetch=fetch_from_folder(desk.served / "tuf"))
    client.refresh(at=FIRST)
    assert client.read(LIST) == (desk.served / LIST).read_bytes()


def test_custodians_sign_a_draft_elsewhere_and_keys_change(desk: Desk) -> None:
    root = desk.root()
    desk.publish(FIRST, *desk.online("a", "b"), "--signed", root)
    desk.publish(SECOND, *desk.online("a"), "--draft", desk.path("targets.json"))
    assert desk.run("trust", "sign", desk.path("targets.json"), "--key", desk.path("b.key.pem")).status == 0
    ran = desk.publish(SECOND, *desk.online(), "--signed", desk.path("targets.json"))
    assert ran.status == 0, ran.err
    again = desk.root(2, "--threshold", "3", "--after", root, signers="abc")
    ran = desk.publish(THIRD, *desk.online("a", "b", "c"), "--signed", again)
    assert ran.status == 0, ran.err
    client = Repository(desk.path("client"), root=root.read_bytes(), fetch=fetch_from_folder(desk.served / "tuf"))
    assert client.refresh(at=THIRD) == {"root": 2, "timestamp": 3, "snapshot": 3, "targets": 3}


def test_a_day_on_which_nothing_changed_needs_no_custodian(desk: Desk) -> None:
    root = desk.root()
    desk.publish(FIRST, *desk.online("a", "b"), "--signed", root)
    online = ("-o", desk.path("web"), "--online", desk.path("online.key.pem"), "--at")
    client = Repository(desk.path("client"), root=root.read_bytes(), fetch=fetch_from_folder(desk.served / "tuf"))
    for days, versions in ((0, (1, 1)), (2, (2, 1)), (4, (3, 1)), (9, (4, 2))):
        moment = FIRST + timedelta(days=days)
        ran = desk.run("trust", "renew", *online, moment.isoformat())
        assert (ran.status, "42 lists as they were" in ran.out) == (0, True), ran.err
        found = client.refresh(at=moment)
        assert (found["timestamp"], found["snapshot"], found["targets"]) == (*versions, 1)
    assert client.read(LIST) == (desk.served / LIST).read_bytes()


def test_there_is_no_draft_where_nothing_has_to_be_signed(desk: Desk) -> None:
    desk.publish(FIRST, *desk.online("a", "b"), "--signed", desk.root())
    ran = desk.publish(FIRST, *desk.online(), "--draft", desk.path("targets.json"))
    assert (ran.status, "Nothing to sign" in ran.out, desk.path("targets.json").exists()) == (0, True, False)


@pytest.mark.parametrize("office", list(Office))
def test_a_new_key_is_encrypted_and_never_written_over(office: Office, tmp_path: Path, run: Run) -> None:
    command = ("trust", "new-key", SIGNER, "--for", office.value, "-o", tmp_path / "new" / "key")
    assert run(*command).status == 0
    path = tmp_path / "new" / "key.key.pem"
    before = path.read_bytes()
    assert b"ENCRYPTED PRIVATE KEY" in before
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(path.parent.iterdir())) == 2
    assert run(*command).status == 65
    assert path.read_bytes() == before


def test_nothing_personal_gets_into_a_log(desk: Desk) -> None:
    ran = desk.publish(FIRST, *desk.logged(by="Jane Doe"))
    assert (ran.status, ran.err.startswith("ledger:"), desk.served.exists()) == (1, True, False)
