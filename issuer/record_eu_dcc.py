"""A clinic's record of a vaccination, a test or a recovery, as an EU DCC.

    {"kind": "eu-dcc",
     "name": {"surname": "Okoye-Lind", "forename": "Mara"},
     "birth_date": "1987-04",
     "vaccination": {"disease": "840539006", "vaccine": "1119349007", "product": "EU/1/20/1528",
                     "manufacturer": "ORG-100030215", "dose": 2, "series": 2, "date": "2026-02-11",
                     "country": "XA", "issuer": "Ministry of Health XA"}}

The words are those of the specification's field descriptions, the codes those of its value sets
(https://github.com/ehn-dcc-development/eu-dcc-schema). Names in the letters of a machine-readable zone are worked out
where every letter has a place in ICAO Doc 9303; otherwise, and wherever staff knows better (the passport has them),
`surname_standardised` and `forename_standardised` say them. Disease, test type and result are closed sets here: they
are what the certificate turns on. Vaccines and manufacturers grow, and are taken as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from credential.kinds import eu_dcc_codes as codes
from credential.kinds.eu_dcc import DEFAULT_VERSION, EuDcc, Name, Recovery, Test, Vaccination
from credential.kinds.eu_dcc_issue import GIVEN_NAME_ALONE_SINCE, check_for_issue
from credential.kinds.reading import Problem as Finding
from credential.kinds.reading import Rule
from credential.names import LIMIT as NAME_LIMIT
from credential.names import transliterate
from issuer.errors import FieldReason, Problem
from issuer.form import Member, day, moment, one_of, read_object, text, whole_number

_REQUIRED, _OPTIONAL = True, False
_DATE_FORM: Final = "YYYY-MM-DD"
_MOMENT_FORM: Final = "YYYY-MM-DDThh:mm:ss+hh:mm"
_DISEASE: Final = Member("disease", "tg", _REQUIRED, one_of(codes.DISEASES), ", ".join(codes.DISEASES))
_COUNTRY: Final = Member("country", "co", _REQUIRED, text)
_ISSUER: Final = Member("issuer", "is_", _REQUIRED, text)

_NAME: Final = (
    Member("surname", "fn", _OPTIONAL, text),
    Member("surname_standardised", "fnt", _OPTIONAL, text),
    Member("forename", "gn", _OPTIONAL, text),
    Member("forename_standardised", "gnt", _OPTIONAL, text),
)
_VACCINATION: Final = (
    _DISEASE,
    Member("vaccine", "vp", _REQUIRED, text),
    Member("product", "mp", _REQUIRED, text),
    Member("manufacturer", "ma", _REQUIRED, text),
    Member("dose", "dn", _REQUIRED, whole_number),
    Member("series", "sd", _REQUIRED, whole_number),
    Member("date", "dt", _REQUIRED, day, _DATE_FORM),
    _COUNTRY,
    _ISSUER,
)
_TEST: Final = (
    _DISEASE,
    Member("type", "tt", _REQUIRED, one_of(codes.TEST_TYPES), ", ".join(codes.TEST_TYPES)),
    Member("name", "nm", _OPTIONAL, text),
    Member("device", "ma", _OPTIONAL, text),
    Member("sampled", "sc", _REQUIRED, moment, _MOMENT_FORM),
    Member("result", "tr", _REQUIRED, one_of(codes.TEST_RESULTS), ", ".join(codes.TEST_RESULTS)),
    Member("centre", "tc", _OPTIONAL, text),
    _COUNTRY,
    _ISSUER,
)
_RECOVERY: Final = (
    _DISEASE,
    Member("first_positive", "fr", _REQUIRED, day, _DATE_FORM),
    _COUNTRY,
    _ISSUER,
    Member("valid_from", "df", _REQUIRED, day, _DATE_FORM),
    Member("valid_until", "du", _REQUIRED, day, _DATE_FORM),
)


class _Entry(NamedTuple):
    """One sort of entry: its group in the credential, its members, its type, and what must have happened by now."""

    group: str
    members: tuple[Member, ...]
    make: type[Vaccination | Test | Recovery]
    happened: str


_ENTRIES: Final[Mapping[str, _Entry]] = {
    "vaccination": _Entry("v", _VACCINATION, Vaccination, "dt"),
    "test": _Entry("t", _TEST, Test, "sc"),
    "recovery": _Entry("r", _RECOVERY, Recovery, "fr"),
}
_ROOT: Final = (
    Member("kind", "kind", _REQUIRED, text),
    Member("name", "nam", _REQUIRED, lambda value: value),
    Member("birth_date", "dob", _REQUIRED, text),
    *(Member(word, word, _OPTIONAL, lambda value: value) for word in _ENTRIES),
)
_WORDS: Final = {
    "dob": "birth_date",
    **{f"nam.{member.attribute}": f"name.{member.name}" for member in _NAME},
    **{
        f"{entry.group}.0.{member.attribute.rstrip('_')}": f"{word}.{member.name}"
        for word, entry in _ENTRIES.items()
        for member in entry.members
    },
}
"""The path of a field in the credential ("v.0.dt"), and its name in the record ("vaccination.date")."""

_FURTHEST_AHEAD: Final = timedelta(hours=14)
"""The time zone in which a day begins first; a date without zone may be that of anywhere."""


def read_eu_dcc_record(
    record: Mapping[str, Any], identifier: str, at: datetime, problems: list[Problem]
) -> EuDcc | None:
    """The credential that a record asks for, `identifier` being its UVCI and `at` the moment of issue.

    None when something was added to `problems`.
    """
    root = read_object(record, _ROOT, "", problems)
    name = _read_name(root["nam"], problems)
    word = _entry_word(root, problems)
    if word is None:
        return None
    group, members, make, happened = _ENTRIES[word]
    entry = read_object(root[word], members, word, problems)
    # Members that are unknown leave the rest complete, so that what it says can be checked as well.
    if name is None or any(problem.reason is not FieldReason.UNKNOWN for problem in problems):
        return None
    version = DEFAULT_VERSION if name.fnt else GIVEN_NAME_ALONE_SINCE
    entries: dict[str, Any] = {group: (make(**entry, ci=identifier),)}
    dcc = EuDcc(version, name, root["dob"], **entries)
    findings = check_for_issue(dcc)
    if findings:
        problems += dict.fromkeys(_in_words_of_record(finding, name) for finding in _telling(findings))
    if _is_future(entry[happened], at):
        problems.append(Problem(_WORDS[f"{group}.0.{happened}"], FieldReason.IN_THE_FUTURE))
    return None if problems else dcc


def _entry_word(root: Mapping[str, Any], problems: list[Problem]) -> str | None:
    words = [word for word in _ENTRIES if root[word] is not None]
    if len(words) == 1:
        return words[0]
    problems.append(Problem(words[1] if words else "vaccination", FieldReason.ONE_OF, ", ".join(_ENTRIES)))
    return None


def _read_name(value: Any, problems: list[Problem]) -> Name | None:
    if value is None:
        return None
    before = len(problems)
    members = read_object(value, _NAME, "name", problems)
    if len(problems) > before:
        return None
    members["fnt"] = members["fnt"] or _standardised(members["fn"], "name.surname_standardised", problems)
    members["gnt"] = members["gnt"] or _standardised(members["gn"], "name.forename_standardised", problems)
    return Name(**members)


def _standardised(name: str | None, field: str, problems: list[Problem]) -> str | None:
    if not name:
        return None
    if name.isascii() and name.isalpha() and len(name) <= NAME_LIMIT:
        return name.upper()  # what transliteration gives for plain letters, at a tenth of the cost
    letters = transliterate(name)
    if letters.unmapped or not letters.text:
        problems.append(Problem(field, FieldReason.NEEDED))
        return None
    return letters.text


def _telling(findings: tuple[Finding, ...]) -> Iterable[Finding]:
    """Without what only follows from a birth date that is none."""
    if all(finding.field != "dob" for finding in findings):
        return findings
    return (finding for finding in findings if finding.rule is not Rule.ORDER)


def _in_words_of_record(finding: Finding, name: Name) -> Problem:
    if finding.field == "nam.fnt" and not name.fn:
        return Problem("name.surname", finding.rule)
    return Problem(_WORDS.get(finding.field, finding.field), finding.rule)


def _is_future(when: date | datetime, at: datetime) -> bool:
    """What is certified has happened. A day has come as soon as it has anywhere on earth."""
    if isinstance(when, datetime):
        return when > at
    return when > (at.astimezone(UTC) + _FURTHEST_AHEAD).date()
