"""The commands that keep a store of trust lists, as an administrator types them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from samples.network import make_network
from tests.pratique.conftest import Ran, Run
from tests.simulators.network import REFERENCES, ROOT, Network
from tests.simulators.server import serving
from trustlist import load_trust
from trustlist.update import Signer


@pytest.fixture
def network() -> Network:
    found = Network()
    found.publish()
    return found


@pytest.fixture
def key(tmp_path: Path, network: Network) -> Path:
    """The signer's DID document, as an administrator was given it."""
    return write_key(tmp_path / "signer.json", network)


@pytest.fixture
def store(run: Run, tmp_path: Path, key: Path, network: Network) -> Path:
    """A store that has taken in the first edition."""
    folder = tmp_path / "store"
    assert run("trust", "pin", key, "--store", folder).status == 0
    ran = run("trust", "update", newest(tmp_path, network), "--store", folder, "--at", at(network))
    assert (ran.status, ran.err) == (0, "")
    return folder


def write_key(path: Path, network: Network) -> Path:
    signer = Signer.of(network.pinned)
    jwk = {"kty": "EC", "crv": "P-256", "x": signer.x, "y": signer.y}
    method = {"id": network.signer, "type": "JsonWebKey2020", "controller": network.signer, "publicKeyJwk": jwk}
    path.write_text(json.dumps({"id": network.signer, "verificationMethod": [method]}))
    return path


def newest(folder: Path, network: Network) -> Path:
    """The root of the newest edition, in a file."""
    path = folder / "newest.json"
    path.write_bytes(network.newest[ROOT])
    return path


def at(network: Network) -> str:
    return network.clock.isoformat()


def update(run: Run, store: Path, network: Network, *more: str) -> Ran:
    return run("trust", "update", newest(store.parent, network), "--store", store, "--at", at(network), *more)


def thumbprint(network: Network) -> str:
    return Signer.of(network.pinned).thumbprint


class TestPin:
    def test_the_thumbprint_is_shown_to_be_compared(
        self, run: Run, tmp_path: Path, key: Path, network: Network
    ) -> None:
        ran = run("trust", "pin", key, "--store", tmp_path / "new")
        assert ran.status == 0
        assert f"private, lists signed by {network.signer}" in ran.out
        assert thumbprint(network) in ran.out

    def test_another_key_needs_the_name_of_the_one_that_goes(self, run: Run, store: Path, network: Network) -> None:
        other = write_key(store.parent / "other.json", Network(key_name="other"))
        ran = run("trust", "pin", other, "--store", store)
        assert ran.status == 65
        assert f"pinned here: {thumbprint(network)}" in ran.err
        assert "Another signer's key is pinned here" in ran.err
        assert run("trust", "pin", other, "--store", store, "--replace", thumbprint(network)).status == 0
        assert len(load_trust(store)) == 24
        assert update(run, store, network).status == 1

    def test_a_stolen_keys_lists_go_at_once(self, run: Run, store: Path, network: Network) -> None:
        other = write_key(store.parent / "other.json", Network(key_name="other"))
        assert run("trust", "pin", other, "--store", store, "--replace", thumbprint(network), "--forget").status == 0
        ran = run("trust", "show", "--trust", store)
        assert (ran.status, "nothing here to trust" in ran.err) == (65, True)

    def test_a_bare_key_needs_a_name_and_an_environment(self, run: Run, tmp_path: Path) -> None:
        signer = Signer.of(Network().pinned)
        (tmp_path / "key.jwk").write_text(json.dumps({"kty": "EC", "crv": "P-256", "x": signer.x, "y": signer.y}))
        arguments = ("trust", "pin", tmp_path / "key.jwk", "--store", tmp_path / "store")
        assert run(*arguments).status == 65
        ran = run(*arguments, "--signer", "did:web:trust.example:signer", "--environment", "acceptance")
        assert (ran.status, "acceptance, lists signed by" in ran.out) == (0, True)
        assert run(*arguments, "--environment", "nowhere").status == 64

    def test_the_networks_own_signer_speaks_for_its_own_environment(self, run: Run, tmp_path: Path) -> None:
        dev = "did:web:raw.githubusercontent.com:WorldHealthOrganization:tng-participants-dev:main:WHO:signing:DID"
        key = write_key(tmp_path / "dev.json", Network(signer=dev))
        ran = run("trust", "pin", key, "--store", tmp_path / "store", "--environment", "production")
        assert (ran.status, "another network" in ran.err) == (65, True)
        assert not (tmp_path / "store").exists()


class TestUpdate:
    def test_what_changed_is_said_by_participant(self, run: Run, store: Path, network: Network) -> None:
        network.remove("XA", numbers=(0,))
        network.publish()
        ran = update(run, store, network)
        assert ran.status == 0
        assert ran.out.startswith("updated\n  23 keys in use, private, signed 2026-06-03 12:00 UTC, fresh\n")
        assert "0 added, 1 removed, 0 changed" in ran.out
        assert "  XXA  -1" in ran.out

    def test_the_same_list_again_is_unchanged(self, run: Run, store: Path, network: Network) -> None:
        ran = update(run, store, network)
        assert (ran.status, ran.out.split("\n")[0]) == (0, "unchanged")

    def test_a_refused_list_is_said_why_and_which(self, run: Run, store: Path, network: Network) -> None:
        old = (store.parent / "newest.json").read_bytes()
        network.publish()
        assert update(run, store, network).status == 0
        (store.parent / "old.json").write_bytes(old)
        ran = run("trust", "update", store.parent / "old.json", "--store", store, "--at", at(network))
        assert ran.status == 1
        assert ran.out.startswith("refused: This list is older than one that was taken in before. (")
        assert "24 keys in use" in ran.out
        assert ROOT in ran.out

    def test_a_list_that_shrinks_waits_for_a_word(self, run: Run, store: Path, network: Network) -> None:
        network.remove("XA", "XB", "XC")
        network.publish()
        ran = update(run, store, network)
        assert ran.status == 2
        assert "waiting: The new list would take away more keys" in ran.out
        assert "lost: 9 of 18 keys that sign today" in ran.out
        assert "3 of 6 participants" in ran.out
        assert "- DCC   DSC" in ran.out
        digest = ran.out.split("pratique trust confirm ")[1].split()[0]
        assert len(load_trust(store)) == 24
        wrong = run("trust", "confirm", "0" * 16, "--store", store)
        assert (wrong.status, "No list of this digest is waiting" in wrong.out) == (1, True)
        right = run("trust", "confirm", digest.upper(), "--store", store, "--at", at(network))
        assert (right.status, len(load_trust(store))) == (0, 12)

    def test_how_much_may_go_is_a_choice(self, run: Run, store: Path, network: Network) -> None:
        network.remove("XA", "XB")
        network.publish()
        assert update(run, store, network, "--most-lost", "50").status == 0

    def test_everything_as_json(self, run: Run, store: Path, network: Network) -> None:
        network.remove("XA", "XB", "XC")
        network.publish()
        found: dict[str, Any] = json.loads(update(run, store, network, "--json").out)
        assert (found["outcome"], found["reason"], found["lost_keys"]) == ("waiting", "list-shrunk", 9)
        assert found["lost_participants"] == ["XXA", "XXB", "XXC"]
        assert len(found["removed"]) == 12
        confirmed = run("trust", "confirm", found["confirm"], "--store", store, "--at", at(network), "--json")
        assert json.loads(confirmed.out)["outcome"] == "updated"

    def test_references_that_lead_away_are_noted(self, run: Run, tmp_path: Path, key: Path) -> None:
        network = Network()
        network.publish(tree=True)
        folder = tmp_path / "site"
        folder.mkdir()
        foreign = [f"did:web:{number}.example:trustlist" for number in range(30)]
        edition = dict(network.newest)
        inner = json.loads(edition[REFERENCES])["verificationMethod"]
        edition[REFERENCES] = network.sign(network.references(to=[*inner, *foreign]))
        for number, data in enumerate(edition.values()):
            (folder / f"{number}.json").write_bytes(data)
        store = tmp_path / "tree"
        run("trust", "pin", key, "--store", store)
        ran = run("trust", "update", folder, "--store", store, "--list", REFERENCES, "--at", at(network))
        assert ran.status == 0
        assert "note: The list refers to another host; that is not followed. did:web:0.example:trustlist" in ran.out
        assert "… and 10 more notes" in ran.out

    def test_addresses_and_files_do_not_mix(self, run: Run, store: Path) -> None:
        assert run("trust", "update", ROOT, store.parent / "newest.json", "--store", store).status == 64

    def test_without_a_store_there_is_nothing_to_update(self, run: Run, tmp_path: Path) -> None:
        for command in (("update",), ("confirm", "0" * 12), ("export", "-o", tmp_path / "x")):
            ran = run("trust", *command, "--store", tmp_path / "nothing")
            assert (ran.status, "no signer's key was ever pinned" in ran.err) == (65, True)

    def test_a_new_store_of_a_private_network_must_be_told_what_to_ask_for(
        self, run: Run, tmp_path: Path, key: Path
    ) -> None:
        run("trust", "pin", key, "--store", tmp_path / "new")
        ran = run("trust", "update", "--store", tmp_path / "new")
        assert (ran.status, "not said which one is meant" in ran.err) == (65, True)

    def test_over_the_network(self, run: Run, tmp_path: Path) -> None:
        with serving(lambda asked: asked.answer(200, site.newest[site.root])) as server:
            host = f"127.0.0.1%3A{server.port}"
            site = Network(host=host, signer=f"did:web:{host}:signer")
            site.publish()
            run("trust", "pin", write_key(tmp_path / "key", site), "--store", tmp_path / "web")
            arguments = ("trust", "update", "--store", tmp_path / "web", "--at", at(site))
            assert run(*arguments, server.at("/elsewhere")).status == 65
            assert run(*arguments, server.at(), "--unsafe-http-to-loopback").status == 0
            again = run(*arguments, "--unsafe-http-to-loopback")
            assert (again.status, again.out.split("\n")[0]) == (0, "unchanged")
        assert len(load_trust(tmp_path / "web")) == 24


class TestShowAndDiff:
    @pytest.mark.parametrize(("days", "word"), [(1, "fresh"), (8, "ageing"), (31, "stale"), (-3, "ahead")])
    def test_show_says_how_fresh_a_list_is(self, run: Run, store: Path, network: Network, days: int, word: str) -> None:
        moment = (network.clock + timedelta(days=days)).isoformat()
        ran = run("trust", "show", "--trust", store, "--at", moment)
        assert (ran.status, f"{days} days old: {word}" in ran.out) == (0, True)

    def test_diff_names_every_key(self, run: Run, store: Path, key: Path, network: Network) -> None:
        run("trust", "save", "--trust", store, "-o", store.parent / "before.snapshot")
        network.remove("XB", numbers=(1,))
        network.publish()
        after = newest(store.parent, network)
        arguments = ("trust", "diff", store.parent / "before.snapshot", after)
        assert run(*arguments).status == 65
        ran = run(*arguments, "--trust-key", key)
        assert ran.status == 0
        assert "0 added, 1 removed, 0 changed" in ran.out
        assert "  XXB  -1\n       - DCC   DSC" in ran.out
        found = json.loads(run(*arguments, "--trust-key", key, "--json").out)
        assert [key["participant"] for key in found["removed"]] == ["XXB"]

    def test_no_difference_is_said_in_words(self, run: Run, store: Path) -> None:
        assert run("trust", "diff", store, store).out == "The same keys.\n"


class TestBundles:
    def test_what_is_exported_is_imported_elsewhere(self, run: Run, store: Path, key: Path, network: Network) -> None:
        bundle, other = store.parent / "lists.bundle", store.parent / "offline"
        ran = run("trust", "export", "--store", store, "-o", bundle)
        assert (ran.status, "1 lists" in ran.out) == (0, True)
        assert run("trust", "pin", key, "--store", other).status == 0
        ran = run("trust", "import", bundle, "--store", other, "--at", at(network))
        assert (ran.status, load_trust(other)) == (0, load_trust(store))

    def test_what_is_no_bundle_is_said_so(self, run: Run, store: Path) -> None:
        ran = run("trust", "import", store.parent / "newest.json", "--store", store)
        assert (ran.status, "not a bundle of trust lists" in ran.err) == (65, True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store of the sample network's list, and a certificate of that network."""
    from datetime import UTC, datetime

    from issuer import issue
    from samples.network import read_record

    folder = tmp_path_factory.mktemp("samples")
    now = datetime.now(UTC).replace(microsecond=0)
    made = make_network(now)
    (folder / "list.json").write_bytes(made.trust_list)
    (folder / "key.json").write_bytes(made.list_key)
    signer = made.participants["XA"].signers["vaccination"]
    return folder, issue(read_record("vaccination"), signer=signer, at=now).text


def test_a_store_is_trust_for_verify(run: Run, certificate: tuple[Path, str]) -> None:
    folder, text = certificate
    assert run("trust", "pin", folder / "key.json", "--store", folder / "store").status == 0
    assert run("trust", "update", folder / "list.json", "--store", folder / "store").status == 0
    ran = run("verify", text, "--trust", folder / "store")
    assert (ran.status, "✔ VALID" in ran.out) == (0, True)


def test_an_address_is_trust_only_with_a_pinned_key(run: Run, certificate: tuple[Path, str]) -> None:
    folder, text = certificate
    ran = run("verify", text, "--trust", "https://trust.invalid/v2/trustlist/did.json")
    assert (ran.status, "only believed with its signer's key" in ran.err) == (65, True)
    ran = run("verify", text, "--trust", "did:web:trust.invalid", "--trust-key", folder / "key.json")
    assert (ran.status, "cannot be reached" in ran.err) == (65, True)
