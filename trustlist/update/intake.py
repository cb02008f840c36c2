"""Taking lists in: a state machine without I/O and without a clock.

It says which list it wants next (`Intake.wanted`), is given what was found under that name (`take`), and at the end
says what comes of all of it (`finish`). Whoever runs it fetches, reads the clock and writes; here is only judged.

What is checked of each list, in this order; the first that fails ends the update, and nothing has changed:

    1. size         the list's own, and that of all lists together
    2. form         strict JSON of the one shape; a member that the proof does not cover is refused (`did_shape`)
    3. identity     the list that was asked for, of the environment of the store
    4. signer       the key that is pinned
    5. proof
    6. future       not signed after now, beyond a skew
    7. rollback     not older than the newest ever seen; signed at the same moment, the same to the byte
    8. references   to be followed: same host, below itself, in few enough steps (`references`)

and of all together:

    9. mix          signed close to each other
    10. shrink      what would be lost is little, and lost by the signer's word: a list that is referred to and used,
                    but not there any more, was taken away by no signature. Else a person confirms just this step

Sources: the client duties of WHO SMART Trust; the attacks and the order of The Update Framework (TUF §5.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from credential.limits import DEFAULT_LIMITS
from trustlist.changes import compare
from trustlist.did import DidDocument, read_document
from trustlist.did_web import read_did
from trustlist.errors import ListReason, TrustListError
from trustlist.model import environment_of
from trustlist.snapshot import TrustSnapshot, part_of
from trustlist.update.losses import Losses, count_losses
from trustlist.update.policy import DEFAULT_POLICY, UpdatePolicy
from trustlist.update.references import choose_references
from trustlist.update.result import Fetched, Held, Remark, Update, UpdateOutcome, refused
from trustlist.update.state import HeldList, SeenList, State, Waiting, proposal_digest

Bring: TypeAlias = Callable[[str], Fetched]
"""Gives the document of a DID; may raise `TrustListError`."""

_SHORTEST_DIGEST = 12


@dataclass(frozen=True, slots=True)
class _Wanted:
    did: str
    steps: int
    """References that led here; none for a list that was asked for."""


@dataclass(frozen=True, slots=True)
class _Taken:
    held: HeldList
    document: DidDocument
    data: bytes


@dataclass(frozen=True, slots=True)
class Intake:
    """An update under way. Every step gives a new one; each raises `TrustListError` where the update is refused."""

    held: Held
    at: datetime
    policy: UpdatePolicy
    lists: tuple[str, ...]
    queue: tuple[_Wanted, ...]
    known: frozenset[str]
    """Every DID that was ever in the queue: none is asked for twice, so no cycle is walked."""
    taken: tuple[_Taken, ...] = ()
    size: int = 0
    """Bytes of all that was taken."""
    missing: tuple[str, ...] = ()
    """Lists that others refer to, and that are not there."""
    left: tuple[Remark, ...] = ()
    """References that are not followed."""

    @property
    def wanted(self) -> str | None:
        """The DID of the list to be given next; None when `finish` is due."""
        return self.queue[0].did if self.queue else None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is to be said of the references so far."""
        return (*(Remark(ListReason.REFERENCE_DANGLING, did) for did in self.missing), *self.left)

    def take(self, fetched: Fetched) -> Intake:
        """The update with the list that was wanted, after checks 1 to 8."""
        if fetched.did != self.wanted:
            raise TrustListError(ListReason.DID_UNEXPECTED, did=fetched.did)
        if fetched.data is None:
            return self._without(self.queue[0])
        try:
            return self._with(self.queue[0], fetched.data, fetched.etag)
        except TrustListError as error:
            raise TrustListError(error.reason, **{**error.detail, "did": fetched.did}) from error

    def finish(self, *, confirmed: str | None = None) -> Update:
        """What comes of all lists together, after checks 9 and 10.

        `confirmed` is the digest of the step that a person has looked at; for any other step the update is refused.
        """
        self._require_together()
        state, documents = self._state(), tuple(taken.held for taken in self.taken)
        if _contents(documents) == _contents(self.held.state.documents) and confirmed is None:
            state = replace(state, documents=documents, lists=self.lists, checked=self.at, waiting=None)
            return self._end(UpdateOutcome.UNCHANGED, _without_idle_signers(state))
        return self._replace(state, documents, confirmed)

    def _without(self, wanted: _Wanted) -> Intake:
        if wanted.steps == 0:
            raise TrustListError(ListReason.LIST_NOT_FOUND, did=wanted.did)
        return replace(self, queue=self.queue[1:], missing=(*self.missing, wanted.did))

    def _with(self, wanted: _Wanted, data: bytes, etag: str | None) -> Intake:
        state = self.held.state
        size = self.size + len(data)
        if size > self.policy.together_bytes:
            raise TrustListError(ListReason.LIST_TOO_LARGE, size=size, limit=self.policy.together_bytes)
        limits = replace(DEFAULT_LIMITS, trust_list_bytes=self.policy.document_bytes)
        key = state.signer.pinned(state.environment)
        document = read_document(data, key=key, expected_did=wanted.did, limits=limits)
        held = HeldList(
            did=wanted.did,
            created=document.created,
            digest=hashlib.sha256(data).hexdigest(),
            size=len(data),
            signer=state.signer.thumbprint,
            etag=etag,
        )
        self._require_time(held)
        taken = (*self.taken, _Taken(held, document, data))
        return replace(self._following(wanted, document), taken=taken, size=size)

    def _require_time(self, held: HeldList) -> None:
        created = held.created.isoformat()
        if held.created - self.at > self.policy.future_skew:
            raise TrustListError(ListReason.LIST_AHEAD, created=created)
        seen = self.held.state.seen_of(held.did)
        if seen is None or held.created > seen.created:
            return
        if held.created < seen.created:
            raise TrustListError(ListReason.LIST_ROLLED_BACK, created=created, seen=seen.created.isoformat())
        if held.digest != seen.digest:
            raise TrustListError(ListReason.LIST_SAME_TIME, created=created)

    def _following(self, wanted: _Wanted, document: DidDocument) -> Intake:
        """The update with the references of a list in its queue; breadth first."""
        chosen = choose_references(wanted.did, document.references)
        left = tuple(Remark(reason, reference) for reference, reason in chosen.left)
        new = [did for did in chosen.wanted if did not in self.known]
        if new and wanted.steps >= self.policy.reference_steps:
            raise TrustListError(ListReason.REFERENCE_TOO_DEEP, limit=self.policy.reference_steps)
        if len(self.known) + len(new) > self.policy.documents:
            raise TrustListError(ListReason.LISTS_TOO_MANY, limit=self.policy.documents)
        return replace(
            self,
            queue=(*self.queue[1:], *(_Wanted(did, wanted.steps + 1) for did in new)),
            known=self.known | set(new),
            left=(*self.left, *left),
        )

    def _require_together(self) -> None:
        if self.queue:
            raise TrustListError(ListReason.LIST_NOT_FOUND, did=self.queue[0].did)
        oldest = min(self.taken, key=lambda taken: taken.held.created).held
        newest = max(self.taken, key=lambda taken: taken.held.created).held
        if newest.created - oldest.created > self.policy.apart:
            raise TrustListError(
                ListReason.LISTS_APART,
                did=oldest.did,
                created=oldest.created.isoformat(),
                newest=newest.created.isoformat(),
            )

    def _state(self) -> State:
        """The state before, but for what was seen now."""
        seen = {each.did: each for each in self.held.state.seen}
        now = {taken.held.did: taken.held for taken in self.taken}
        seen |= {did: SeenList(did, held.created, held.digest) for did, held in now.items()}
        return replace(self.held.state, seen=tuple(seen[did] for did in sorted(seen)))

    def _replace(self, state: State, documents: tuple[HeldList, ...], confirmed: str | None) -> Update:
        """The new lists in the place of the old ones, or waiting for it."""
        step = proposal_digest(self.held.state.documents, documents)
        if confirmed not in {None, step}:
            raise TrustListError(ListReason.CONFIRMATION_UNKNOWN)
        snapshot = self._snapshot()
        changes = compare(self.held.snapshot, snapshot)
        losses = count_losses(self.held.snapshot, snapshot, changes, self.at)
        reason = self._why_wait(losses) if confirmed is None else None
        if reason is not None:
            state = replace(state, waiting=self._waiting(step, documents, losses))
            return replace(self._end(UpdateOutcome.WAITING, state), changes=changes, losses=losses, reason=reason)
        state = replace(
            state,
            lists=self.lists,
            documents=documents,
            snapshot=snapshot.digest,
            taken=self.at,
            checked=self.at,
            waiting=None,
        )
        ended = self._end(UpdateOutcome.UPDATED, _without_idle_signers(state))
        return replace(ended, snapshot=snapshot, changes=changes, losses=losses)

    def _snapshot(self) -> TrustSnapshot:
        """Of the lists that hold keys; of all where none does."""
        parts = [part_of(taken.document) for taken in self.taken]
        return TrustSnapshot.from_parts(tuple(part for part in parts if part.source.entries) or tuple(parts))

    def _why_wait(self, losses: Losses) -> ListReason | None:
        if {held.did for held in self.held.state.documents} & set(self.missing):
            return ListReason.REFERENCE_DANGLING
        return ListReason.LIST_SHRUNK if losses.exceed(self.policy) else None

    def _waiting(self, step: str, documents: tuple[HeldList, ...], losses: Losses) -> Waiting:
        earlier = self.held.state.waiting
        return Waiting(
            digest=step,
            since=earlier.since if earlier and earlier.digest == step else self.at,
            lists=self.lists,
            documents=documents,
            usable_keys=losses.usable_keys,
            lost_keys=losses.lost_keys,
            participants=losses.participants,
            lost_participants=losses.lost_participants,
        )

    def _end(self, outcome: UpdateOutcome, state: State) -> Update:
        return Update(
            outcome,
            state,
            self.held.snapshot,
            remarks=(*self.remarks, *_shared_kids(self.taken)),
            documents=MappingProxyType({taken.held.digest: taken.data for taken in self.taken}),
        )


def begin(held: Held, lists: Iterable[str], *, at: datetime, policy: UpdatePolicy = DEFAULT_POLICY) -> Intake:
    """An update that asks for these lists (DIDs), as of `at` (timezone-aware).

    Raises `TrustListError`: `SOURCE_EMPTY` for none, `LISTS_TOO_MANY`, `DID_MALFORMED` for what has no address,
    `ENVIRONMENT_UNEXPECTED` for a list of another environment than the store's.
    """
    asked = tuple(dict.fromkeys(lists))
    if not asked:
        raise TrustListError(ListReason.SOURCE_EMPTY)
    if len(asked) > policy.documents:
        raise TrustListError(ListReason.LISTS_TOO_MANY, limit=policy.documents)
    environment = held.state.environment
    for did in asked:
        read_did(did)
        if environment_of(did) is not environment:
            raise TrustListError(ListReason.ENVIRONMENT_UNEXPECTED, did=did, expected=environment.value)
    return Intake(held, at, policy, asked, tuple(_Wanted(did, 0) for did in asked), frozenset(asked))


def update(
    held: Held, lists: Iterable[str], bring: Bring, *, at: datetime, policy: UpdatePolicy = DEFAULT_POLICY
) -> Update:
    """The whole update: every list that is wanted is asked of `bring`, by its DID, until nothing more is wanted.

    A `TrustListError`, also one that `bring` raises, is not raised further: it is the reason of a refused update.
    """
    try:
        intake = begin(held, lists, at=at, policy=policy)
    except TrustListError as error:
        return refused(held, error)
    return _run(intake, bring, confirmed=None)


def confirm(held: Held, digest: str, bring: Bring, *, at: datetime, policy: UpdatePolicy = DEFAULT_POLICY) -> Update:
    """The update that a person confirms: the lists that wait, all verified once more, in the place of those in use.

    `digest` is that of the waiting lists, or at least its first 12 digits. Refused as `update`, and with
    `CONFIRMATION_UNKNOWN` when nothing of this digest waits.
    """
    waiting = held.state.waiting
    if waiting is None or len(digest) < _SHORTEST_DIGEST or not waiting.digest.startswith(digest):
        return refused(held, TrustListError(ListReason.CONFIRMATION_UNKNOWN))
    try:
        intake = begin(held, waiting.lists, at=at, policy=policy)
    except TrustListError as error:
        return refused(held, error)
    return _run(intake, bring, confirmed=waiting.digest)


def _run(intake: Intake, bring: Bring, *, confirmed: str | None) -> Update:
    try:
        while intake.wanted is not None:
            intake = intake.take(bring(intake.wanted))
        return intake.finish(confirmed=confirmed)
    except TrustListError as error:
        return refused(intake.held, error, intake.remarks)


def _contents(documents: tuple[HeldList, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((held.did, held.digest) for held in documents)


def _without_idle_signers(state: State) -> State:
    """Former signers are kept only for the lists that were verified with their keys."""
    needed = {held.signer for held in state.documents}
    return replace(state, former=tuple(signer for signer in state.former if signer.thumbprint in needed))


def _shared_kids(taken: tuple[_Taken, ...]) -> tuple[Remark, ...]:
    """Kids under which several participants list keys: whoever reads the kid alone could take one for another."""
    participants: dict[bytes, set[str]] = {}
    for each in taken:
        for entry in each.document.entries:
            participants.setdefault(entry.kid, set()).add(entry.participant or "-")
    return tuple(
        Remark(ListReason.KID_SHARED, kid.hex(), MappingProxyType({"participants": " ".join(sorted(names))}))
        for kid, names in sorted(participants.items())
        if len(names) > 1
    )
