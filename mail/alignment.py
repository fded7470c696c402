"""Whether a signing domain may speak for an address (RFC 7489 §3.1.1, and stricter)."""

from mail.suffixes import organizational_domain


def aligned(signing: str, address: str) -> bool:
    """Both as A-labels in lower case. The signer is the address's own domain, or one above it
    within the same organization.

    DMARC's relaxed alignment also takes one below or beside it: `news.example.com`, whose key a
    sender of newsletters holds, must not approve for `boss@example.com`.
    """
    domain = address.rpartition("@")[2]
    if not signing or not domain:
        return False
    if signing == domain:
        return True
    organization = organizational_domain(domain)
    within = signing == organization or signing.endswith(f".{organization}")
    return within and domain.endswith(f".{signing}")
