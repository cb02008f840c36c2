"""Publishing a trust list: the whole tree of signed documents that a GDHCN list has, as files for any web server.

files = build_tree("did:web:trust.example:v2:trustlist", entries, signer=signer)
store.publish(folder, files)
"""

from trustlist.publish.tree import ListSigner, Member, build_tree, nonces_from

__all__ = ["ListSigner", "Member", "build_tree", "nonces_from"]
