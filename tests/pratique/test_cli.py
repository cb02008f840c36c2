"""`pratique` as a stranger meets it: what it prints, which status it ends with, and that no traceback is ever shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from credential.wire import hcert
from credential.wire.qr import read_picture
from samples.network import read_record
from tests.pratique.conftest import Run


def trust(demo_folder: Path) -> tuple[str, str]:
    return "--trust", str(demo_folder / "trust.snapshot")


def text_of(picture: Path) -> str:
    (text,) = read_picture(picture.read_bytes())
    return text


def test_the_demo_shows_each_certificate_with_its_reason(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "--folder", tmp_path / "demo")
    assert ran.status == 0
    assert "3 participants, 12 keys, proof verified" in ran.out
    rows = {line.split(".png")[0]: line for line in ran.out.splitlines() if ".png" in line and "pratique" not in line}
    assert {name for name, row in rows.items() if "✔ VALID" in row} == {"vaccination", "test", "recovery"}
    assert {name for name, row in rows.items() if "✖ NOT VALID" in row} == {
        "tampered",
        "expired",
        "wrong-usage",
        "borrowed-name",
    }
    assert "? CANNOT TELL" in rows["unknown-signer"]
    assert "changed, or forged" in ran.out


def test_the_demo_can_be_run_again_but_takes_no_folder_of_others(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert run("demo", "--folder", folder).status == 0
    assert run("demo", "--folder", folder).status == 0
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    ran = run("demo", "--folder", mine)
    assert ran.status == 64
    assert (mine / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("vaccination", 0, ["✔ VALID", "Mara Adaeze Okoye-Lind, born 1987-04-02", "signed by XA (listed as XXA)"]),
        ("test", 0, ["✔ VALID", "Łucja d'Červenková", "born 1964-08"]),
        ("recovery", 0, ["✔ VALID", "Дарья Ёлкина", "born 1999"]),
        ("tampered", 1, ["✖ NOT VALID", "changed, or forged"]),
        ("expired", 1, ["✖ NOT VALID", "It ended on"]),
        ("wrong-usage", 1, ["✖ NOT VALID", "may not sign certificates of this kind"]),
        ("borrowed-name", 1, ["✖ NOT VALID", "The key belongs to XXB, but the certificate names XA"]),
        ("unknown-signer", 2, ["? CANNOT TELL", "not in the trust list", "Update the trust list"]),
    ],
)
def test_verify_says_what_it_found(run: Run, demo_folder: Path, name: str, status: int, words: list[str]) -> None:
    for suffix, arguments in ((".png", ()), (".png", ("--details",))):
        ran = run("verify", demo_folder / f"{name}{suffix}", *trust(demo_folder), *arguments)
        assert ran.status == status
        assert all(word in ran.out for word in words)
    assert ("✔ prefix" in ran.out) is True


def test_nothing_of_the_person_is_printed_when_the_signature_does_not_hold(run: Run, demo_folder: Path) -> None:
    for arguments in ((), ("--json",), ("--details",)):
        ran = run("verify", demo_folder / "tampered.png", *trust(demo_folder), *arguments)
        assert "Okoye" not in ran.out + ran.err


def test_verify_reads_standard_input_line_by_line_in_order(run: Run, demo_folder: Path) -> None:
    names = ["vaccination", "tampered", "test", "unknown-signer"]
    lines = [text_of(demo_folder / f"{name}.png") for name in names]
    stream = "\n".join([*lines[:2], "", *lines[2:]]).encode() + b"\n\xff\xfe\n"
    ran = run("verify", "-", *trust(demo_folder), "--json", stdin=stream)
    verdicts = [json.loads(line) for line in ran.out.splitlines()]
    assert [verdict["outcome"] for verdict in verdicts] == ["accepted", "rejected", "accepted", "undetermined", None]
    assert [verdict["input"] for verdict in verdicts] == [f"standard input:{number}" for number in (1, 2, 4, 5, 6)]
    assert verdicts[-1]["error"]["reason"] == "input-not-text"
    assert ran.status == 65


def test_the_worst_of_several_inputs_decides(run: Run, demo_folder: Path) -> None:
    valid, unknown, tampered = (demo_folder / f"{name}.png" for name in ("vaccination", "unknown-signer", "tampered"))
    assert run("verify", valid, unknown, *trust(demo_folder)).status == 2
    assert run("verify", valid, unknown, tampered, *trust(demo_folder)).status == 1
    assert run("verify", valid, tampered, demo_folder / "nothing.png", *trust(demo_folder)).status == 65


def test_a_folder_gives_its_pictures_and_passes_over_the_rest(run: Run, demo_folder: Path) -> None:
    ran = run("verify", demo_folder, *trust(demo_folder))
    assert len(ran.out.splitlines()) == 8
    assert ran.err == ""


def test_verify_takes_a_did_list_with_its_key_and_a_folder_of_certificates(run: Run, demo_folder: Path) -> None:
    picture = demo_folder / "vaccination.png"
    listed = ("--trust", demo_folder / "trust-list.json", "--trust-key", demo_folder / "trust-list-key.json")
    assert run("verify", picture, *listed).status == 0
    assert run("verify", picture, "--trust", demo_folder / "XA" / "dsc.pem").status == 0
    without_key = run("verify", picture, *listed[:2])
    assert without_key.status == 65
    assert "signer's key" in without_key.err


def test_verify_as_of_another_time(run: Run, demo_folder: Path) -> None:
    ran = run("verify", demo_folder / "vaccination.png", *trust(demo_folder), "--at", "2020-01-01", "--json")
    verdict = json.loads(ran.out)
    assert verdict["at"] == "2020-01-01T12:00:00Z"
    assert verdict["reason"] == "signer-not-yet-valid"
    assert run("verify", demo_folder / "test.png", *trust(demo_folder), "--at", "soon").status == 64


def test_verify_under_another_policy(run: Run, demo_folder: Path) -> None:
    ran = run("verify", demo_folder / "vaccination.png", *trust(demo_folder), "--policy", "entry:XB", "--json")
    assert ran.status == 2
    assert json.loads(ran.out)["reason"] == "revocation-data-missing"
    assert run("verify", demo_folder / "test.png", *trust(demo_folder), "--policy", "anything").status == 64


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify",),
        ("verify", "HC1:X"),
        ("nonsense",),
        ("qr", "write", "HC1:X", "-o", "code.gif"),
        ("keys", "dsc"),
        ("issue",),
    ],
)
def test_wrong_usage_ends_with_64_and_a_hint(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.status == 64
    assert "Error:" in ran.err
    assert "Traceback" not in ran.err


def test_unreadable_trust_is_named_in_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("{")
    for path in (tmp_path / "missing", tmp_path / "list.json"):
        ran = run("verify", "HC1:X", "--trust", path)
        assert ran.status == 65
        assert ran.err.startswith("trust-list: ")
        assert "Traceback" not in ran.err


def test_inspect_shows_layers_and_says_that_nothing_is_verified(run: Run, demo_folder: Path) -> None:
    ran = run("inspect", demo_folder / "tampered.png")
    assert ran.status == 0
    assert "NOT VERIFIED" in ran.out
    assert "ES256" in ran.out
    assert '"dob": "1957-04-02"' in ran.out
    shown = json.loads(run("inspect", demo_folder / "tampered.png", "--json").out)
    assert shown["verified"] is False
    assert [layer["name"] for layer in shown["layers"]] == ["text", "zlib", "cose", "cwt", "content"]


def test_inspect_goes_as_far_as_it_can_and_names_what_is_broken(run: Run, demo_folder: Path) -> None:
    text = text_of(demo_folder / "vaccination.png")
    ran = run("inspect", text[:-3])
    assert ran.status == 65
    assert "damaged" in ran.out
    unpacked = hcert.unwrap(text)[0]
    broken = run("inspect", hcert.encode(unpacked[:-10]))
    assert broken.status == 65
    assert "inflated" in broken.out
    assert "cose:" in broken.out


def test_qr_write_and_read_are_each_other_s_inverse(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    text = text_of(demo_folder / "vaccination.png")
    written = run("qr", "write", text, "-o", tmp_path / "code.png")
    assert written.status == 0
    assert "level Q, 42 mm" in written.out
    assert run("qr", "read", tmp_path / "code.png").out == f"{text}\n"
    assert run("qr", "write", "-", "-o", tmp_path / "code.svg", stdin=text.encode()).status == 0
    assert (tmp_path / "code.svg").read_text("utf-8").startswith("<")
    too_small = run("qr", "write", text, "-o", tmp_path / "small.png", "--size", "10")
    assert too_small.status == 65
    assert not (tmp_path / "small.png").exists()


def test_qr_read_tells_a_picture_without_a_code_from_no_picture(run: Run, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (200, 200), 255).save(tmp_path / "white.png")
    (tmp_path / "broken.png").write_bytes((tmp_path / "white.png").read_bytes()[:80])
    ran = run("qr", "read", tmp_path / "white.png", tmp_path / "broken.png")
    assert ran.status == 65
    assert "No code was found" in ran.err
    assert "damaged" in ran.err


def test_trust_show_accounts_for_every_entry(run: Run, demo_folder: Path) -> None:
    source = ("--trust", demo_folder / "trust-list.json", "--trust-key", demo_folder / "trust-list-key.json")
    ran = run("trust", "show", *source)
    assert ran.status == 0
    assert "12 entries" in ran.out
    assert "9  usable" in ran.out
    assert "3  authority" in ran.out
    states = [json.loads(line) for line in run("trust", "show", *source, "--json").out.splitlines()]
    assert len(states) == 12
    later = run("trust", "show", *source, "--at", "2040-01-01")
    assert "12  expired" in later.out


def test_trust_save_gives_a_snapshot_that_verifies(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    source = ("--trust", demo_folder / "trust-list.json", "--trust-key", demo_folder / "trust-list-key.json")
    assert run("trust", "save", *source, "-o", tmp_path / "saved").status == 0
    assert run("verify", demo_folder / "test.png", "--trust", tmp_path / "saved").status == 0


def test_from_no_keys_to_a_verified_code(run: Run, tmp_path: Path) -> None:
    authority = tmp_path / "authority"
    assert run("keys", "sca", "--country", "xe", "--name", "SCA of XE", "-o", authority).status == 0
    pair = ("--sca", authority / "sca.pem", "--sca-key", authority / "sca.key.pem")
    site = tmp_path / "site"
    assert run("keys", "dsc", *pair, "--name", "Site 1", "--usage", "vaccination", "-o", site).status == 0
    assert run("keys", "dsc", *pair, "--name", "Site 1", "-o", site).status == 65  # never over another key
    shown = run("keys", "show", authority / "sca.pem", site / "dsc.pem").out
    assert "authority" in shown
    assert "signer" in shown
    record = tmp_path / "record.json"
    record.write_text(json.dumps(read_record("vaccination")))
    signer = ("--dsc", site / "dsc.pem", "--key", site / "dsc.key.pem")
    issued = run("issue", record, *signer, "-o", tmp_path / "out")
    assert issued.status == 0
    assert run("verify", issued.out.strip(), "--trust", site / "dsc.pem").status == 0
    assert run("verify", tmp_path / "out" / "record.png", "--trust", site).status == 0


def test_issue_names_every_field_to_put_right_and_goes_on(run: Run, demo_folder: Path) -> None:
    good = read_record("vaccination")
    bad = {**good, "birth_date": "yesterday", "vaccination": {**good["vaccination"], "dose": 0}, "extra": 1}
    lines = "\n".join(json.dumps(record) for record in (good, bad, good)).encode()
    signer = ("--dsc", demo_folder / "XA" / "dsc.pem", "--key", demo_folder / "XA" / "dsc.key.pem")
    ran = run("issue", "-", *signer, stdin=lines)
    assert ran.status == 65
    assert len(ran.out.splitlines()) == 2
    for field in ("birth_date", "vaccination.dose", "extra"):
        assert field in ran.err
    results = [json.loads(line) for line in run("issue", "-", *signer, "--json", stdin=lines).out.splitlines()]
    assert ["error" in result for result in results] == [False, True, False]


def test_issue_with_a_wrong_passphrase_is_one_line(
    run: Run, demo_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRATIQUE_PASSPHRASE", "not the passphrase")
    record = tmp_path / "record.json"
    record.write_text(json.dumps(read_record("vaccination")))
    signer = ("--dsc", demo_folder / "XA" / "dsc.pem", "--key", demo_folder / "XA" / "dsc.key.pem")
    ran = run("issue", record, *signer)
    assert ran.status == 65
    assert ran.err.startswith("key: ")
    assert len(ran.err.splitlines()) == 1


def test_a_hostile_name_does_not_reach_the_terminal_as_it_is(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    from verifier.cli import shown

    assert shown("A\x1b[31mB\u202eC") == "\u2068A\ufffd[31mB\ufffdC\u2069"


@pytest.mark.parametrize("command", ["demo", "issue", "verify", "inspect", "qr", "trust", "serve", "keys"])
def test_every_command_has_a_help_text(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert ran.status == 0
    assert "Usage:" in ran.out
    assert len(ran.out.splitlines()) > 4


def test_no_escape_codes_reach_a_file(run: Run, demo_folder: Path) -> None:
    ran = run("verify", demo_folder / "vaccination.png", *trust(demo_folder))
    assert "\x1b" not in ran.out


def test_what_the_system_refuses_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments in (
        ("demo", "--folder", tmp_path / "file" / "demo"),
        ("keys", "sca", "--country", "XE", "--name", "SCA", "-o", tmp_path / "file" / "keys"),
    ):
        ran = run(*arguments)
        assert ran.status == 65
        assert len(ran.err.splitlines()) == 1
        assert "Traceback" not in ran.err


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "20261122", "2026-13-01"])
def test_a_time_that_does_not_exist_is_wrong_usage(run: Run, demo_folder: Path, at: str) -> None:
    assert run("verify", "HC1:X", *trust(demo_folder), "--at", at).status in {1, 64}


def test_a_demo_that_goes_wrong_says_so_by_its_status(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from samples import forgeries

    monkeypatch.setattr(forgeries, "tampered", lambda genuine: genuine)
    assert run("demo", "--folder", tmp_path / "demo").status == 65


def test_a_file_named_like_a_code_is_a_file(
    run: Run, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "HC1:code.png").write_bytes((demo_folder / "test.png").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert run("verify", "HC1:code.png", *trust(demo_folder)).status == 0


def test_a_line_that_is_too_long_spoils_no_other(run: Run, demo_folder: Path) -> None:
    good = json.dumps(read_record("vaccination"))
    stream = "\n".join([good, '"' + "x" * 200_000 + '"', good]).encode()
    signer = ("--dsc", demo_folder / "XA" / "dsc.pem", "--key", demo_folder / "XA" / "dsc.key.pem")
    results = [json.loads(line) for line in run("issue", "-", *signer, "--json", stdin=stream).out.splitlines()]
    assert [result["record"] for result in results] == ["line-1", "line-2", "line-3"]
    assert ["error" in result for result in results] == [False, True, False]


def test_an_administrator_can_read_and_change_who_may_sign_what(run: Run, demo_folder: Path, tmp_path: Path) -> None:
    shown = run("trust", "scope")
    assert shown.status == 0
    assert "eu-dcc" in shown.out
    table = json.loads(run("trust", "scope", "--json").out)
    table["kinds"]["eu-dcc"]["domains"] = ["PH4H"]
    (tmp_path / "scopes.json").write_text(json.dumps(table))
    picture = demo_folder / "vaccination.png"
    ran = run("verify", picture, *trust(demo_folder), "--scopes", tmp_path / "scopes.json", "--json")
    assert json.loads(ran.out)["reason"] == "usage-not-allowed"
    table["kinds"]["eu-dcc"]["domains"] = 7
    (tmp_path / "scopes.json").write_text(json.dumps(table))
    assert run("verify", picture, *trust(demo_folder), "--scopes", tmp_path / "scopes.json").status == 65
