"""Taking trust lists in safely, and keeping them.

held = read_store("production")
result = update(held, held.state.lists, bring, at=now)
"""

from trustlist.update.intake import Bring, Intake, begin, confirm, update
from trustlist.update.pin import pin, read_key_to_pin
from trustlist.update.policy import UpdatePolicy
from trustlist.update.result import Fetched, Held, Remark, Update, UpdateOutcome
from trustlist.update.state import HeldList, SeenList, Signer, State, Waiting
from trustlist.update.state_file import read_state, write_state

__all__ = [
    "Bring",
    "Fetched",
    "Held",
    "HeldList",
    "Intake",
    "Remark",
    "SeenList",
    "Signer",
    "State",
    "Update",
    "UpdateOutcome",
    "UpdatePolicy",
    "Waiting",
    "begin",
    "confirm",
    "pin",
    "read_key_to_pin",
    "read_state",
    "update",
    "write_state",
]
