"""Trust lists in other forms than the network's DID documents (v2), each read into the same entries.

Every module here turns bytes into one `ListPart`: entries, rejected entries and the source they came from, for
`TrustSnapshot.from_parts`. Nothing is lost: what cannot be used is among the rejected entries, with its reason.
`trustlist.store.load_trust` knows them apart.
"""
