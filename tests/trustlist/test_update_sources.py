"""Where lists come from: a server on this machine, files and folders; what they claim is only where to look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.simulators.network import DAY, REFERENCES, ROOT, Network, listed, served
from tests.simulators.server import Answering, Asked, Server, make_tls, serving
from tests.trustlist.parts import reason_of
from tests.trustlist.update_scene import kids
from trustlist import Environment, ListReason, TrustListError, load_trust
from trustlist.did import build_document
from trustlist.did_web import address_of
from trustlist.fetch import FetchPolicy, Web
from trustlist.freshness import Freshness, freshness
from trustlist.update import State, Update, UpdateOutcome, UpdatePolicy, pin
from trustlist.update.offer import PUBLISHED, Offer, claimed_did, lists_asked_for
from trustlist.update.sources import bring_from_web, did_named, fetch_snapshot, read_offer
from trustlist.update.store import bring_kept, pin_signer, read_list, read_store, update_store

UPDATED, UNCHANGED, REFUSED = UpdateOutcome.UPDATED, UpdateOutcome.UNCHANGED, UpdateOutcome.REFUSED
POLICY = FetchPolicy(
    body_bytes=200_000,
    silence_seconds=0.5,
    total_seconds=1.0,
    tries=2,
    first_pause_seconds=0.01,
    unsafe_http_to_loopback=True,
)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@dataclass
class Site:
    """A network that publishes on a server of its own, and a store that asks it."""

    server: Server
    network: Network
    store: Path

    @property
    def root(self) -> str:
        return self.network.root

    def document(self, asked: Asked) -> None:
        """The newest edition, under an ETag of its own."""
        name = f'"{len(self.network.editions)}"'
        if asked.headers.get("if-none-match") == name:
            asked.answer(304, ETag=name)
            return
        documents = {address_of(did).split("/", 3)[3]: data for did, data in self.network.newest.items()}
        data = documents.get(asked.path[1:])
        asked.answer(404) if data is None else asked.answer(200, data, ETag=name)

    def update(self, *answers: Answering, at: datetime | None = None, lists: tuple[str, ...] = ()) -> Update:
        """An update over the network, with these answers first."""
        self.server.answers[:] = [*answers, self.document]
        self.server.asked.clear()
        with Web(POLICY) as web:
            bring = bring_from_web(web, self.store, read_store(self.store).state.documents)
            asked = lists or (self.root,)
            return update_store(self.store, lambda _: asked, bring, at=at or self.network.clock)


@pytest.fixture
def site(tmp_path: Path) -> object:
    with serving(lambda asked: asked.answer(500)) as server:
        host = f"127.0.0.1%3A{server.port}"
        network = Network(host=host, signer=f"did:web:{host}:signer")
        network.publish()
        found = Site(server, network, tmp_path / "store")
        pin_signer(found.store, network.pinned)
        assert found.update().outcome is UPDATED
        yield found


class TestWeb:
    def test_a_list_is_fetched_once_and_then_only_asked_for(self, site: Site) -> None:
        assert load_trust(site.store).digest == read_store(site.store).state.snapshot
        assert site.update().outcome is UNCHANGED
        (asked,) = site.server.asked
        assert (asked.path, asked.headers["if-none-match"]) == ("/v2/trustlist/did.json", '"1"')
        site.network.publish()
        assert site.update().outcome is UPDATED

    def test_a_tree_is_walked_over_one_connection(self, site: Site) -> None:
        site.network.publish(tree=True)
        result = site.update(lists=(f"{site.root}-ref",))
        assert result.outcome is UPDATED
        assert len(site.server.asked) == len(result.documents) == len(set(site.network.newest)) - 1
        assert len({asked.handler.client_address for asked in site.server.asked}) == 1
        assert kids(load_trust(site.store)) == {each.kid for each in site.network.keys}

    def test_an_etag_that_never_changes_freezes_nothing_for_good(self, site: Site) -> None:
        """A server that always says "unchanged" can hold a list back, not make it look fresh."""
        site.network.publish(after=60 * DAY)
        result = site.update(lambda asked: asked.answer(304))
        assert result.outcome is UNCHANGED
        assert result.snapshot is not None
        assert freshness(result.snapshot, site.network.clock) is Freshness.STALE

    def test_a_new_list_under_the_old_etag_is_taken_for_what_it_is(self, site: Site) -> None:
        site.network.publish()
        data = site.network.newest[site.root]
        assert site.update(lambda asked: asked.answer(200, data, ETag='"1"')).outcome is UPDATED

    def test_what_the_server_calls_unchanged_and_the_disk_has_lost_is_fetched_anew(self, site: Site) -> None:
        (held,) = read_store(site.store).state.documents
        (site.store / f"{held.digest}.json").write_bytes(b"{}")
        assert site.update().outcome is UNCHANGED
        assert "if-none-match" not in site.server.asked[0].headers
        assert read_list(site.store, held) == site.network.newest[site.root]

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (lambda asked: asked.answer(404), ListReason.LIST_NOT_FOUND),
            (lambda asked: asked.answer(403), ListReason.FETCH_STATUS),
            (lambda asked: asked.answer(302, Location="https://elsewhere.example/"), ListReason.FETCH_REDIRECTED),
            (lambda asked: asked.answer(200, b"<html>Sign in"), ListReason.DOCUMENT_NOT_JSON),
            (lambda asked: asked.answer(200, b""), ListReason.DOCUMENT_NOT_JSON),
            (lambda asked: asked.answer(200, b"[" * 300_000), ListReason.LIST_TOO_LARGE),
            (lambda asked: asked.answer(200, b"[" * 100_000), ListReason.DOCUMENT_NOT_JSON),
        ],
    )
    def test_what_is_no_list_changes_nothing(self, site: Site, answer: Answering, reason: ListReason) -> None:
        before = read_store(site.store)
        site.network.publish()
        result = site.update(answer)
        assert (result.outcome, result.reason, result.detail["did"]) == (REFUSED, reason, site.root)
        assert read_store(site.store) == before

    def test_a_server_that_stumbles_is_asked_again(self, site: Site) -> None:
        site.network.publish()
        assert site.update(lambda asked: asked.answer(500)).outcome is UPDATED

    def test_a_slow_server_changes_nothing(self, site: Site) -> None:
        site.network.publish()
        slow: Answering = lambda asked: site.server.trickle(asked, b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 9999)  # noqa: E731
        assert site.update(slow).reason is ListReason.FETCH_TIMEOUT
        assert site.update().outcome is UPDATED

    def test_one_list_of_many_that_fails_stops_them_all(self, site: Site) -> None:
        site.network.publish(tree=True)
        keep: list[Answering] = [site.document] * 20
        result = site.update(*keep, lambda asked: asked.answer(403), lists=(f"{site.root}-ref",))
        assert (result.outcome, result.reason) == (REFUSED, ListReason.FETCH_STATUS)
        assert read_store(site.store).state.lists == (site.root,)


class TestOnce:
    def test_a_list_at_an_address_is_trust_without_a_store(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_tls(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        with serving(lambda asked: asked.answer(200, network.newest[network.root]), tls=tmp_path) as server:
            host = f"127.0.0.1%3A{server.port}"
            network = Network(host=host, signer=f"did:web:{host}:signer")
            network.publish()
            for source in (network.root, server.at()):
                assert len(fetch_snapshot(source, network.pinned, network.clock)) == 24
            with pytest.raises(TrustListError) as caught:
                fetch_snapshot(network.root, Network(key_name="other").pinned, network.clock)
        assert reason_of(caught) is ListReason.PROOF_SIGNER_UNEXPECTED

    def test_a_source_on_the_web_is_a_did_or_an_address(self) -> None:
        assert did_named("https://trust.example/v2/trustlist/did.json") == ROOT
        assert did_named(ROOT) == ROOT
        for source, reason in (
            ("https://trust.example/", ListReason.ADDRESS_UNUSABLE),
            ("did:key:z6Mk", ListReason.DID_MALFORMED),
        ):
            with pytest.raises(TrustListError) as caught:
                did_named(source)
            assert reason_of(caught) is reason


@pytest.fixture
def tree(tmp_path: Path) -> tuple[Network, Path]:
    """A network, and its tree as files, as a copy of its web site has them."""
    network = Network()
    network.publish(tree=True)
    return network, write_tree(network, tmp_path / "site")


def write_tree(network: Network, folder: Path) -> Path:
    for did, data in network.newest.items():
        path = folder / address_of(did).split("/", 3)[3]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def state_of(network: Network, *lists: str) -> State:
    return replace(pin(None, network.pinned), lists=lists)


class TestFiles:
    def test_a_folder_offers_what_its_files_claim_to_be(self, tree: tuple[Network, Path]) -> None:
        network, folder = tree
        (folder / "package.json").write_text('{"name": "site"}')
        (folder / "notes.json").write_text("no json at all")
        (folder / ".git").mkdir()
        (folder / ".git" / "did.json").write_text('{"id": "did:web:hidden.example"}')
        assert dict(read_offer([folder]).documents) == dict(network.newest)

    def test_links_are_not_followed(self, tree: tuple[Network, Path], tmp_path: Path) -> None:
        _, folder = tree
        (tmp_path / "linked").mkdir()
        (tmp_path / "linked" / "did.json").symlink_to(folder / "v2" / "trustlist" / "did.json")
        (tmp_path / "linked" / "all").symlink_to(folder)
        with pytest.raises(TrustListError) as caught:
            read_offer([tmp_path / "linked"])
        assert reason_of(caught) is ListReason.SOURCE_UNKNOWN

    @pytest.mark.parametrize("lists", [(ROOT,), (REFERENCES,)])
    def test_a_copy_of_a_site_is_taken_in_as_the_site_itself(
        self, tree: tuple[Network, Path], tmp_path: Path, lists: tuple[str, ...]
    ) -> None:
        network, folder = tree
        for name, bring in (("copied", read_offer([folder]).bring(served({}))), ("fetched", served(network.newest))):
            pin_signer(tmp_path / name, network.pinned)
            assert update_store(tmp_path / name, lambda _: lists, bring, at=network.clock).outcome is UPDATED
        assert load_trust(tmp_path / "copied") == load_trust(tmp_path / "fetched")

    def test_a_list_that_is_not_offered_stays_as_it_is_kept(self, tree: tuple[Network, Path], tmp_path: Path) -> None:
        network, _ = tree
        other = f"{ROOT}:DCC:XXA:DSC"
        store = tmp_path / "store"
        pin_signer(store, network.pinned)
        update_store(store, lambda _: (ROOT, other), served(network.newest), at=network.clock)
        newer = Offer.of([network.publish()[ROOT]])
        bring = newer.bring(bring_kept(store, read_store(store).state.documents))
        result = update_store(store, lambda state: state.lists, bring, at=network.clock)
        assert result.outcome is UPDATED
        assert [held.created for held in result.state.documents] == [network.clock, network.clock - DAY]

    def test_two_files_of_one_name_are_not_chosen_between(self, tree: tuple[Network, Path], tmp_path: Path) -> None:
        network, folder = tree
        network.publish()
        (tmp_path / "newer.json").write_bytes(network.newest[ROOT])
        with pytest.raises(TrustListError) as caught:
            read_offer([folder, tmp_path / "newer.json"])
        assert (reason_of(caught), caught.value.detail) == (ListReason.LISTS_AMBIGUOUS, {"did": ROOT})
        assert ROOT in read_offer([folder, folder]).documents

    @pytest.mark.parametrize(
        ("policy", "reason"),
        [
            (UpdatePolicy(documents=5), ListReason.LISTS_TOO_MANY),
            (UpdatePolicy(document_bytes=500), ListReason.LIST_TOO_LARGE),
            (UpdatePolicy(together_bytes=40_000), ListReason.LIST_TOO_LARGE),
        ],
    )
    def test_folders_have_their_bounds(
        self, tree: tuple[Network, Path], policy: UpdatePolicy, reason: ListReason
    ) -> None:
        with pytest.raises(TrustListError) as caught:
            read_offer([tree[1]], policy)
        assert reason_of(caught) is reason

    def test_what_is_not_there_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(TrustListError) as caught:
            read_offer([tmp_path / "nothing.json"])
        assert reason_of(caught) is ListReason.SOURCE_MISSING

    def test_an_old_narrow_list_does_not_come_in_because_it_lies_there(self, tree: tuple[Network, Path]) -> None:
        """Under a name that nobody asked for, and so never seen, it could bring back keys that are gone since."""
        network, _ = tree
        narrow = f"{ROOT}:DCC:XXA:DSC"
        offer = Offer.of([network.sign(build_document(narrow, [listed("XA", 0).entry]))])
        with pytest.raises(TrustListError) as caught:
            offer.require_wanted(state_of(network, ROOT), (ROOT,))
        assert (reason_of(caught), caught.value.detail["did"]) == (ListReason.DID_UNEXPECTED, narrow)
        offer.require_wanted(state_of(network, ROOT), (ROOT, narrow))
        with pytest.raises(TrustListError) as caught:
            Offer.of([b"{}"]).require_wanted(state_of(network), (ROOT,))
        assert reason_of(caught) is ListReason.SOURCE_EMPTY


class TestWhatIsAskedFor:
    def test_what_was_asked_for_before_and_what_is_named_now(self) -> None:
        state = state_of(Network(), ROOT)
        assert lists_asked_for(state, ()) == (ROOT,)
        assert lists_asked_for(state, (REFERENCES,)) == (ROOT, REFERENCES)

    def test_a_new_store_asks_for_the_one_list_that_is_offered(self) -> None:
        assert lists_asked_for(state_of(Network()), (), Offer({ROOT: b""})) == (ROOT,)

    @pytest.mark.parametrize("offer", [None, Offer({}), Offer({ROOT: b"", REFERENCES: b""})])
    def test_or_for_what_its_environment_publishes(self, offer: Offer | None) -> None:
        for environment, did in PUBLISHED.items():
            state = pin(None, replace(Network().pinned, environment=environment))
            assert lists_asked_for(state, (), offer) == (did,)
        assert set(Environment) - set(PUBLISHED) == {Environment.PRIVATE}
        with pytest.raises(TrustListError) as caught:
            lists_asked_for(state_of(Network()), (), offer)
        assert reason_of(caught) is ListReason.LISTS_AMBIGUOUS

    @pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"id": 7}', b'{"id": null}', b"\xff", b'"id"', b"[" * 5000])
    def test_what_claims_nothing_is_no_list(self, data: bytes) -> None:
        assert claimed_did(data) is None


def test_the_clock_of_the_site_and_ours_may_differ_a_little(site: Site) -> None:
    site.network.publish()
    assert site.update(at=site.network.clock - timedelta(minutes=4)).outcome is UPDATED
