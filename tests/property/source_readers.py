"""The readers of signed messages, of JOSE, and of trust lists in forms other than the network's DID documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from credential.wire.ber import to_der
from credential.wire.cms import fingerprint, verify_cms
from credential.wire.jws import read_compact, read_json
from tests.credential.wire.cms_parts import Cms, to_ber
from tests.credential.wire.test_jws import KEY, PAYLOAD, TEXT, as_json
from tests.property.choices import Choices
from tests.property.reader import MIB, Reader
from tests.trustlist.sources.gateway import answer, gateway, object_row
from tests.trustlist.sources.test_did_v1 import document, method
from tests.trustlist.sources.test_icao import LISTS, master_list
from tests.trustlist.sources.test_jwks import ISSUER, OTHER, SAID, chain, directory, jwk, key_set, row
from tests.trustlist.sources.test_onboarding import PATH, signed
from tests.trustlist.sources.test_signed_jwks import NAME, PIN, written
from tests.trustlist.sources.test_signed_jwks import signed as sign_set
from tests.verifier.scene import NOW
from trustlist import DEFAULT_SCOPES, Environment, TrustListError, TrustSnapshot, read_scopes
from trustlist.pinned import PinnedAs
from trustlist.scope import write_scopes
from trustlist.snapshot_pack import ListPart
from trustlist.sources.anchors import read_anchors
from trustlist.sources.did_v1 import read_v1_whose_proof_nobody_can_check
from trustlist.sources.icao import read_master_list
from trustlist.sources.jwks import issuers_in, read_directory, read_key_set
from trustlist.sources.onboarding import read_onboarding
from trustlist.sources.recognise import Pins, read_source
from trustlist.sources.signed_jwks import read_signed_key_set
from trustlist.sources.tng import read_trust_list

GATEWAY = gateway()
ONE = GATEWAY.members[0]
MESSAGE = Cms(ONE.up)
DER = MESSAGE.der()
UPLOADERS = {fingerprint(ONE.up.certificate_der)}
LIST_PINS = frozenset({fingerprint(LISTS.certificate_der)})
ROWS_OF_GATEWAY = answer(GATEWAY.rows())
OBJECTS = answer(
    [object_row(ONE.up, "UPLOAD", "XA", signer=GATEWAY.anchor), object_row(ONE.dsc, "DSC", "XA", signer=ONE.up)]
)
OLD = document("did:web:example.com", method())
BARE_DIRECTORY = json.dumps({"participating_issuers": [{"iss": ISSUER}, {"iss": OTHER}]}).encode()
SETS = (key_set(jwk(), jwk(x5c=chain())), key_set(jwk(use="enc", crlVersion="7")))
PINS = Pins(key=PIN, anchors=GATEWAY.pins | LIST_PINS, issuer=ISSUER, read_v1_whose_proof_nobody_can_check=True)

_FLOODED = MIB // 4
BER_FLOODS = (
    b"\x30\x80" * (_FLOODED // 2),
    b"\x30\x80" + b"\x02\x00" * (_FLOODED // 2 - 2) + b"\0\0",
    b"\x24\x80" + b"\x04\x00" * (_FLOODED // 2 - 2) + b"\0\0",
    b"\x30\x80" + b"\x30\x80\0\0" * (_FLOODED // 4 - 1) + b"\0\0",
    b"\x30\x84\x7f\xff\xff\xff",
)
JSON_FLOODS = (
    b"[" * MIB,
    b'{"keys":' * 100_000,
    b'{"keys":[' + b"{}," * 5_000 + b"{}]}",
    b"[" + b"0," * 5_000 + b"0]",
)


def read_ber(data: bytes) -> None:
    """What comes out of it comes out of itself."""
    der = to_der(data)
    assert to_der(der) == der


def read_cms(data: bytes) -> None:
    """What is believed is what the one pinned signer signed."""
    assert verify_cms(data, pinned=UPLOADERS).content == MESSAGE.content


def read_jws(data: str) -> None:
    """What holds is what was signed."""
    jws = read_compact(data)
    assert jws.kid is None or isinstance(jws.kid, str)
    jws.verify(KEY.public_key())
    assert jws.payload == PAYLOAD


def read_jws_json(data: bytes) -> None:
    """The same of every signature in JSON serialisation."""
    for jws in read_json(data):
        jws.verify(KEY.public_key())
        assert jws.payload == PAYLOAD


def usable(read: Callable[[bytes], ListPart | None]) -> Callable[[bytes], None]:
    """What is read, whatever it is, can be kept and asked everything; none of it is lost."""

    def read_it(data: bytes) -> None:
        part = read(data)
        if part is None:
            return
        assert part.source.entries == len(part.entries) + len(part.rejected)
        snapshot = TrustSnapshot.from_parts((part,))
        assert len(snapshot.account(NOW)) == part.source.entries
        for key in tuple(snapshot.keys()):
            snapshot.candidates(key.kid)
            assert key.key_facts.kind

    return read_it


def read_directories(data: bytes) -> ListPart:
    """A directory with its key sets, and the issuers that it names."""
    issuers_in(data)
    return read_directory(data, key_sets={ISSUER: SETS[0], OTHER: data})


def read_scope_table(data: bytes) -> None:
    """A table that is read is written as it was."""
    table = read_scopes(data, name="mine")
    assert read_scopes(write_scopes(table), name="mine") == table


GOOD: tuple[Any, ...] = (jwk(), jwk(x5c=chain()), *GATEWAY.rows(), method(), row(ISSUER, jwk()))
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**70,
    "",
    "x",
    "DSC",
    ISSUER,
    "AAAA",
    [],
    ["AAAA"],
    {},
    {"iss": ISSUER},
)


def entry_like(choices: Choices) -> Any:
    """A good entry of some sort of list, with up to three members changed for anything."""
    members = dict(choices.pick(GOOD))
    for _ in range(choices.below(4)):
        members[choices.pick(tuple(members))] = choices.pick(ODD)
    return members


def list_like(choices: Choices) -> bytes:
    """A list of some sort with such entries."""
    entries = [entry_like(choices) for _ in range(choices.below(3) + 1)]
    shapes: tuple[Callable[[], bytes], ...] = (
        lambda: json.dumps(entries).encode(),
        lambda: key_set(*entries),
        lambda: directory(*entries),
        lambda: document(*entries),
        lambda: json.dumps({"participating_issuers": entries}).encode(),
        lambda: written_with(entries),
    )
    return choices.pick(shapes)()


def written_with(entries: list[Any]) -> bytes:
    """A signed key set with these entries, genuinely signed."""
    return sign_set({"iss": NAME, "iat": 1, "exp": 2, "keys": entries})


def _of_list(name: str, read: Callable[[bytes], ListPart | None], *seeds: bytes, **more: Any) -> Reader[Any]:
    return Reader(name, usable(read), seeds, refuses=(TrustListError,), **{"floods": JSON_FLOODS, **more})


ROWS: tuple[Reader[Any], ...] = (
    Reader("ber", read_ber, (DER, to_ber(DER)), floods=BER_FLOODS),
    Reader("cms", read_cms, (DER, to_ber(DER)), floods=BER_FLOODS),
    Reader("jws", read_jws, (TEXT,), floods=("." * MIB, "e30" * MIB, f"{'A' * MIB}.{'A' * MIB}.A")),
    Reader("jws-json", read_jws_json, (as_json(),), floods=JSON_FLOODS),
    _of_list(
        "gateway-list",
        lambda data: read_trust_list(data, anchors=GATEWAY.pins, environment=Environment.PRIVATE),
        ROWS_OF_GATEWAY,
        OBJECTS,
    ),
    _of_list(
        "onboarding",
        lambda data: read_onboarding([(PATH, data)], anchors=GATEWAY.pins, environment=Environment.PRIVATE),
        signed(),
    ),
    _of_list("old-list", read_v1_whose_proof_nobody_can_check, OLD),
    _of_list("key-set", lambda data: read_key_set(data, SAID), *SETS),
    _of_list("directory", read_directories, directory(row(ISSUER, jwk()), row(OTHER)), BARE_DIRECTORY),
    _of_list("signed-key-set", lambda data: read_signed_key_set(data, key=PIN), written(), written(compact=False)),
    _of_list(
        "master-list",
        lambda data: read_master_list(data, anchors=LIST_PINS).part,
        master_list().der(),
        to_ber(master_list().der(), piece=500),
        floods=BER_FLOODS,
    ),
    _of_list(
        "any-list",
        lambda data: read_source(data, "file", pins=PINS, said=PinnedAs()),
        ROWS_OF_GATEWAY,
        OLD,
        *SETS,
        written(),
        master_list().der(),
        shaped=list_like,
    ),
    Reader(
        "anchors",
        read_anchors,
        (next(iter(GATEWAY.pins)).hex().encode(), GATEWAY.anchor.certificate_der),
        floods=(b"\n" * MIB, b"a" * MIB),
        refuses=(TrustListError,),
    ),
    Reader("scopes", read_scope_table, (write_scopes(DEFAULT_SCOPES),), floods=JSON_FLOODS, refuses=(TrustListError,)),
)
