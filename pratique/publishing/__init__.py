"""The commands that publish a trust list: here, where key files (issuer) and lists (trustlist) come together."""
