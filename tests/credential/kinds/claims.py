"""Three synthetic claims, one of each sort, to be changed by the tests."""

from __future__ import annotations

import copy
from typing import Any

PERSON: dict[str, Any] = {
    "ver": "1.3.0",
    "nam": {"fn": "Osei-Vance", "fnt": "OSEI<VANCE", "gn": "Tamsin", "gnt": "TAMSIN"},
    "dob": "1991-08-17",
}
VACCINATION: dict[str, Any] = PERSON | {
    "v": [
        {
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
            "dt": "2026-02-11", "co": "XA", "is": "Harbour Health Authority", "ci": "URN:UVCI:01:XA:PORT3/7H2KD90QW4#F",
        }
    ]
}  # fmt: skip
TEST: dict[str, Any] = PERSON | {
    "t": [
        {
            "tg": "840539006", "tt": "LP6464-4", "nm": "Sample NAAT", "sc": "2026-02-11T17:30:00+02:00",
            "tr": "260415000", "tc": "Harbour clinic", "co": "XA", "is": "Harbour Health Authority",
            "ci": "URN:UVCI:01:XA:PORT3/7H2KD90QW4#F",
        }
    ]
}  # fmt: skip
RECOVERY: dict[str, Any] = PERSON | {
    "r": [
        {
            "tg": "840539006", "fr": "2026-01-04", "co": "XA", "is": "Harbour Health Authority", "df": "2026-01-15",
            "du": "2026-07-03", "ci": "URN:UVCI:01:XA:PORT3/7H2KD90QW4#F",
        }
    ]
}  # fmt: skip
CLAIMS = {"v": VACCINATION, "t": TEST, "r": RECOVERY}
ABSENT = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    """The claim that `path` belongs to (a vaccination for `ver`, `nam` …) with one member replaced, or taken away."""
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    claim = copy.deepcopy(CLAIMS.get(str(keys[0]), VACCINATION))
    target: Any = claim
    for key in keys[:-1]:
        target = target[key]
    if value is ABSENT:
        del target[keys[-1]]
    else:
        target[keys[-1]] = value
    return claim
