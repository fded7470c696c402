"""Public suffixes, under which anybody may have a domain (`com`, `co.uk`), by the list that the
package brings along. All names as A-labels in lower case."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=1024)
def organizational_domain(domain: str) -> str:
    """`example.co.uk` of `mail.example.co.uk` (RFC 7489 §3.2); a public suffix stands for itself.

    A suffix that the list does not know yet makes a domain stricter.
    """
    return _suffixes().privatesuffix(domain) or domain


def has_known_suffix(domain: str) -> bool:
    """Whether anybody could have this as a domain on the net."""
    return _suffixes().publicsuffix(domain, accept_unknown=False) is not None
