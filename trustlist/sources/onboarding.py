"""Participants' folders as the network's operator keeps them: certificates with the trust anchor's signatures.

Under `<participant>/onboarding/<domain>/<usage>/signed/` there is one `TNG_TA.signed.<name>.json` for each
certificate, with a signed message (CMS) of the trust anchor over it. Participant, domain and usage are those of the
folder; the country in the file must be the certificate's, and the participant the one that this country stands for.

Source: WHO Trust Network Gateway, onboarding (https://smart.who.int/trust/) and its participants repositories.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from credential.limits import DEFAULT_LIMITS, Limits
from trustlist.errors import ListReason, TrustListError
from trustlist.json_document import read_json, read_object, read_text
from trustlist.model import Environment, KeyUsage, ListEntry, Source
from trustlist.participants import same_participant
from trustlist.snapshot_pack import ListPart
from trustlist.sources.reading import Collected
from trustlist.sources.signed_entry import SignedEntry, verify_entry

KIND = "onboarding"
FOLDER = "onboarding"
PREFIX = "TNG_TA.signed."
SUFFIX = ".json"

_USAGE_OF_FOLDER: Mapping[str, KeyUsage] = MappingProxyType(
    {
        "SCA": KeyUsage.SCA,
        "CSCA": KeyUsage.SCA,
        "TLS": KeyUsage.TLS,
        "AUTH": KeyUsage.TLS,
        "UP": KeyUsage.UP,
        "DECA": KeyUsage.DECA,
    }
)
"""Folders are renamed on their way in, so both names of one occur; case does not count."""
_LEVELS = 5
"""`onboarding`, domain, usage, `signed`, the file."""


def is_signed_file(path: str) -> bool:
    """Whether a path is that of a certificate's signature, or of anything else the trust anchor signed."""
    parts = PurePosixPath(path).parts
    named = parts[-1].startswith(PREFIX) and parts[-1].endswith(SUFFIX) if parts else False
    return named and len(parts) >= _LEVELS and parts[-_LEVELS] == FOLDER and parts[-2] == "signed"


def read_onboarding(
    files: Iterable[tuple[str, bytes]],
    *,
    anchors: Collection[bytes],
    environment: Environment,
    name: str = KIND,
    limits: Limits = DEFAULT_LIMITS,
) -> ListPart:
    """The certificates in these files (path with `/`, content). `anchors` are the trust anchor's fingerprints.

    Raises `TrustListError`: `ANCHOR_MISSING`, `LIST_TOO_MANY_ENTRIES`. A file that cannot be believed is in
    `rejected`, and so is one that holds something else than a certificate.
    """
    if not anchors:
        raise TrustListError(ListReason.ANCHOR_MISSING)
    collected = Collected(limits)
    for path, data in files:
        read = partial(_read, path, data, anchors, limits)
        collected.add(read, position=path, participant=_participant(path))
    return collected.part(lambda total: Source(name, KIND, environment, None, total), pinned=False)


def _read(path: str, data: bytes, anchors: Collection[bytes], limits: Limits) -> ListEntry:
    parts = PurePosixPath(path).parts
    usage = _USAGE_OF_FOLDER.get(parts[-3].upper()) if is_signed_file(path) else None
    if usage is None:
        raise TrustListError(ListReason.USAGE_UNKNOWN)
    members = read_object(read_json(data, limits=limits), at="document", reason=ListReason.ENTRY_MALFORMED)
    row = SignedEntry(
        position=path,
        usage=usage,
        country=read_text(members, "country"),
        certificate=read_text(members, "certificateRawData"),
        signature=read_text(members, "trustAnchorSignature"),
        thumbprint=read_text(members, "certificateThumbprint"),
        domain=parts[-4],
    )
    participant = _participant(path)
    if participant is not None and not same_participant(participant, participant=row.participant, country=row.country):
        raise TrustListError(ListReason.COUNTRY_DIFFERS, listed=participant, certificate=row.country)
    return verify_entry(row, kid=None, pinned=anchors, limits=limits)


def _participant(path: str) -> str | None:
    """The folder above `onboarding`; None for a path that begins there."""
    parts = PurePosixPath(path).parts
    return parts[-_LEVELS - 1] if len(parts) > _LEVELS else None
