"""Trust from the disk, whatever lies there, and files that are written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from credential.limits import DEFAULT_LIMITS, Limits
from tests.pki import Authority, SignerKey, make_authority
from tests.trustlist.did_lists import network
from tests.trustlist.parts import entry, listed, reason_of
from trustlist import Environment, ListReason, PinnedAs, TrustListError, TrustSnapshot, files, load_trust
from trustlist.did import encode_document

AS_ROOT = os.geteuid() == 0


def pem(one: SignerKey | Authority) -> bytes:
    """A certificate as PEM."""
    return x509.load_der_x509_certificate(one.certificate_der).public_bytes(Encoding.PEM)


def refused(path: Path, limits: Limits = DEFAULT_LIMITS) -> TrustListError:
    """The error that loading ends in."""
    with pytest.raises(TrustListError) as caught:
        load_trust(path, limits=limits)
    return caught.value


class TestFiles:
    def test_one_der(self, tmp_path: Path) -> None:
        signer = make_authority().issue_signer()
        (tmp_path / "signer.der").write_bytes(signer.certificate_der)
        snapshot = load_trust(tmp_path / "signer.der")
        (key,) = snapshot.candidates(signer.kid)
        assert (key.pinned, key.position, key.source.name) == (True, "signer.der", "signer.der")
        assert snapshot.environment is Environment.PRIVATE

    def test_pem_with_several(self, tmp_path: Path) -> None:
        authority = make_authority()
        (tmp_path / "chain.pem").write_bytes(pem(authority.issue_signer()) + b"\n" + pem(authority))
        said = PinnedAs(participant="XXA", domain="DCC", environment=Environment.DEVELOPMENT, name="mine")
        snapshot = load_trust(str(tmp_path / "chain.pem"), said=said)
        assert [key.position for key in tuple(snapshot.keys())] == ["chain.pem[0]", "chain.pem[1]"]
        assert {key.participant for key in tuple(snapshot.keys())} == {"XXA"}
        assert (snapshot.environment, snapshot.sources[0].name) == (Environment.DEVELOPMENT, "mine")

    def test_a_saved_snapshot(self, tmp_path: Path) -> None:
        snapshot = listed(entry(make_authority().issue_signer()))
        snapshot.save(tmp_path / "any.name")
        assert load_trust(tmp_path / "any.name") == snapshot

    def test_a_signed_list_with_its_key(self, tmp_path: Path) -> None:
        net = network()
        document = encode_document(net.document())
        (tmp_path / "did.json").write_bytes(b"\n " + document)
        assert load_trust(tmp_path / "did.json", key=net.pinned) == TrustSnapshot.from_did(document, key=net.pinned)

    def test_a_signed_list_without_its_key_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "did.json").write_bytes(encode_document(network().document()))
        error = refused(tmp_path / "did.json")
        assert (error.reason, error.detail) == (ListReason.LIST_KEY_MISSING, {"file": "did.json"})

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", ListReason.SOURCE_UNKNOWN),
            (b"hello", ListReason.SOURCE_UNKNOWN),
            (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", ListReason.SOURCE_UNKNOWN),
            (b"-----BEGIN CERTIFICATE-----\nAAAA", ListReason.PEM_MALFORMED),
            (b"PRATIQTL\x01\x00", ListReason.SNAPSHOT_TRUNCATED),
            (b"0" * 20_000, ListReason.CERTIFICATE_TOO_LARGE),
        ],
    )
    def test_other_files_say_what_they_are_not(self, tmp_path: Path, content: bytes, reason: ListReason) -> None:
        (tmp_path / "file").write_bytes(content)
        assert refused(tmp_path / "file").reason is reason

    def test_json_that_is_no_list_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text(json.dumps({"things": []}))
        with pytest.raises(TrustListError) as caught:
            load_trust(tmp_path / "file", key=network().pinned)
        assert reason_of(caught).value.startswith("document-")

    def test_a_der_that_is_no_certificate_is_rejected_by_name(self, tmp_path: Path) -> None:
        (tmp_path / "bad.der").write_bytes(b"0\x03abc")
        snapshot = load_trust(tmp_path / "bad.der")
        assert [(each.position, each.reason) for each in snapshot.rejected] == [
            ("bad.der", ListReason.CERTIFICATE_UNREADABLE)
        ]

    def test_what_is_not_there_is_missing(self, tmp_path: Path) -> None:
        for load in (load_trust, TrustSnapshot.load):
            with pytest.raises(TrustListError) as caught:
                load(tmp_path / "nothing")
            assert reason_of(caught) is ListReason.SOURCE_MISSING

    def test_a_file_beyond_the_limit_is_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "big.pem").write_bytes(b" " * 101)
        error = refused(tmp_path / "big.pem", limits=Limits(trust_list_bytes=100))
        assert error.reason is ListReason.LIST_TOO_LARGE
        assert error.detail == {"file": "big.pem", "size": 101, "limit": 100}


class TestFolders:
    def test_every_file_is_used_or_rejected_by_name(self, tmp_path: Path) -> None:
        authority = make_authority()
        signers = [authority.issue_signer() for _ in range(2)]
        contents = {
            "a.der": signers[0].certificate_der,
            "b.pem": pem(signers[1]) + pem(authority),
            "c.txt": b"notes",
            "d.pem": b"-----BEGIN CERTIFICATE-----",
            "e.crt": signers[0].certificate_der,
            "f.der": b"0\x03abc",
            ".hidden": b"x",
        }
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        (tmp_path / "folder").mkdir()
        snapshot = load_trust(tmp_path)
        assert [key.position for key in tuple(snapshot.keys())] == ["a.der", "b.pem[0]", "b.pem[1]"]
        assert {each.position: each.reason for each in snapshot.rejected} == {
            "c.txt": ListReason.SOURCE_UNKNOWN,
            "d.pem": ListReason.PEM_MALFORMED,
            "e.crt": ListReason.ENTRY_REPEATED,
            "f.der": ListReason.CERTIFICATE_UNREADABLE,
        }
        assert snapshot.sources[0].entries == 7
        assert snapshot.sources[0].name == tmp_path.name

    def test_a_folder_without_files_is_empty(self, tmp_path: Path) -> None:
        (tmp_path / "below").mkdir()
        assert refused(tmp_path).reason is ListReason.SOURCE_EMPTY

    def test_the_files_of_a_folder_are_bounded_together(self, tmp_path: Path) -> None:
        signer = make_authority().issue_signer()
        for name in "abc":
            (tmp_path / name).write_bytes(signer.certificate_der)
        limits = Limits(trust_list_bytes=2 * len(signer.certificate_der))
        snapshot = load_trust(tmp_path, limits=limits)
        assert [each.reason for each in snapshot.rejected] == [ListReason.LIST_TOO_LARGE, ListReason.ENTRY_REPEATED]

    def test_a_link_to_nowhere_is_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "link.der").symlink_to(tmp_path / "nothing")
        assert refused(tmp_path).reason is ListReason.SOURCE_EMPTY


class TestWriting:
    def test_the_new_content_takes_the_place_of_the_old(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        files.write_file(path, b"old")
        files.write_file(path, b"new")
        assert path.read_bytes() == b"new"
        assert [each.name for each in tmp_path.iterdir()] == ["file"]

    def test_others_may_read_what_is_no_secret(self, tmp_path: Path) -> None:
        before = os.umask(0o022)
        try:
            files.write_file(tmp_path / "file", b"x")
        finally:
            os.umask(before)
        assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644

    def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        files.write_file(path, b"old")

        def full(_file: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(TrustListError) as caught:
            files.write_file(path, b"new")
        assert reason_of(caught) is ListReason.SOURCE_NOT_WRITABLE
        assert caught.value.detail == {"file": "file", "cause": "ENOSPC"}
        assert path.read_bytes() == b"old"
        assert [each.name for each in tmp_path.iterdir()] == ["file"]

    def test_a_place_that_is_none_is_refused(self, tmp_path: Path) -> None:
        for path in (tmp_path / "no folder" / "file", tmp_path):
            with pytest.raises(TrustListError) as caught:
                listed().save(path)
            assert reason_of(caught) is ListReason.SOURCE_NOT_WRITABLE


class TestReading:
    def test_what_is_no_regular_file_is_not_read(self, tmp_path: Path) -> None:
        for path in (tmp_path, Path(os.devnull)):
            with pytest.raises(TrustListError) as caught:
                files.read_file(path, 10)
            assert reason_of(caught) is ListReason.SOURCE_UNREADABLE

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"x")
        with pytest.raises(TrustListError) as caught:
            files.list_folder(tmp_path / "file")
        assert reason_of(caught) is ListReason.SOURCE_UNREADABLE
        with pytest.raises(TrustListError) as caught:
            files.list_folder(tmp_path / "nothing")
        assert reason_of(caught) is ListReason.SOURCE_MISSING
        with pytest.raises(TrustListError) as caught:
            files.read_start(tmp_path, 5)
        assert reason_of(caught) is ListReason.SOURCE_UNREADABLE

    @pytest.mark.skipif(AS_ROOT, reason="root may read everything")
    def test_a_file_that_may_not_be_read_is_unreadable(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"x")
        (tmp_path / "file").chmod(0)
        assert refused(tmp_path / "file").reason is ListReason.SOURCE_UNREADABLE
