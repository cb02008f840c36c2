"""The published files as targets of a repository of The Update Framework (TUF), made and read with the `tuf` library.

A signed list says when it was signed and nothing else: whoever serves it can hold it back, or offer an older one to a
client that has no memory. The repository around it says until when each part counts, which parts belong together, and
takes two custodians to change. https://theupdateframework.github.io/specification/latest/
"""

from trustlist.repository.making import assemble, draft_root, draft_targets, sign_metadata
from trustlist.repository.roles import (
    DEFAULT_LIFETIMES,
    Lifetimes,
    Publisher,
    RepositoryKeys,
    Role,
    RoleKeys,
    signer_of,
)

__all__ = [
    "DEFAULT_LIFETIMES",
    "Lifetimes",
    "Publisher",
    "RepositoryKeys",
    "Role",
    "RoleKeys",
    "assemble",
    "draft_root",
    "draft_targets",
    "sign_metadata",
    "signer_of",
]
