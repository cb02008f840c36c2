"""What is in a trust list, and what is wrong with it: `examine`, its findings, and how they are shown."""

from trustlist.doctor.examine import examine
from trustlist.doctor.findings import Finding, FindingKind, Severity
from trustlist.doctor.list_checks import ReferenceList, RefusedList
from trustlist.doctor.report import Counts, Report, Tally

__all__ = [
    "Counts",
    "Finding",
    "FindingKind",
    "ReferenceList",
    "RefusedList",
    "Report",
    "Severity",
    "Tally",
    "examine",
]
