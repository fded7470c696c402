"""Whether a signing domain may speak for an address (RFC 7489 §3.1.1, and stricter)."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=1024)
def organizational_domain(domain: str) -> str:
    """`example.co.uk` of `mail.example.co.uk` (RFC 7489 §3.2); a public suffix stands for itself.

    By the list that the package brings along: a suffix of yesterday makes a domain stricter.
    """
    return _suffixes().privatesuffix(domain) or domain


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
