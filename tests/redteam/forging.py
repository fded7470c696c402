"""Signatures that no honest program makes, and chains of seals, which dkimpy makes with a package
that nothing else here needs."""

import hashlib
import time
from base64 import b64encode
from collections.abc import Sequence

from dkim import ARC, DKIM, HASH_ALGORITHMS, CanonicalizationPolicy
from dkim.crypto import parse_pem_private_key

from tests.signing import GMAIL, SELECTOR, private_key

_RELAXED = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
_BLANK = b"0" * 60
SEALED = ("from", "to", "subject", "date", "message-id", "in-reply-to", "references")
SEALED_WHOLE = (*SEALED, "content-type", "dkim-signature")


def crafted(
    raw: bytes,
    domain: str,
    covered: Sequence[str] = GMAIL,
    *,
    key: str = "",
    selector: str = SELECTOR,
    **tags: str,
) -> bytes:
    """Signed with any tags: `t`, `x`, `i`; those that are empty are left out."""
    given = {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": domain,
        "s": selector,
        "t": str(int(time.time())),
        "h": " : ".join(covered),
        **tags,
    }
    fields = [(name.encode(), value.encode()) for name, value in given.items() if value]
    signer = DKIM(raw)
    fields += [(b"bh", _body_hash(signer.body)), (b"b", _BLANK)]
    header = _signed(signer, fields, covered, b"DKIM-Signature", key or domain)
    return b"DKIM-Signature: " + header + raw


def sealed(
    raw: bytes,
    domain: str,
    results: str,
    covered: Sequence[str] = SEALED_WHOLE,
    *,
    key: str = "",
    verdict: str = "",
) -> bytes:
    """With one more set of ARC fields on top (RFC 8617 §5.1): `results` is what `domain` saw."""
    number = ARC(raw).sorted_arc_headers()[0] + 1
    told = f"i={number}; {domain}; {results}\r\n".encode()
    message = b"ARC-Authentication-Results: " + told + raw
    common = [(b"a", b"rsa-sha256"), (b"d", domain.encode()), (b"s", SELECTOR.encode())]
    dated = [*common, (b"t", str(int(time.time())).encode())]
    signer = ARC(message)
    fields = [(b"i", str(number).encode()), *dated, (b"c", b"relaxed/relaxed")]
    fields += [(b"h", " : ".join(covered).encode())]
    fields += [(b"bh", _body_hash(signer.body)), (b"b", _BLANK)]
    header = _signed(signer, fields, covered, b"ARC-Message-Signature", key or domain)
    message = b"ARC-Message-Signature: " + header + message
    signer = ARC(message)
    verdict = verdict or ("none" if number == 1 else "pass")
    fields = [(b"i", str(number).encode()), (b"cv", verdict.encode()), *dated, (b"b", _BLANK)]
    sets = [name.lower().decode() for _, (name, _) in reversed(signer.sorted_arc_headers()[1])]
    header = _signed(signer, fields, sets, b"ARC-Seal", key or domain)
    return b"ARC-Seal: " + header + message


def _body_hash(body: bytes) -> bytes:
    return b64encode(hashlib.sha256(_RELAXED.canonicalize_body(body)).digest())


def _signed(
    signer: DKIM | ARC,
    fields: list[tuple[bytes, bytes]],
    covered: Sequence[str],
    name: bytes,
    key: str,
) -> bytes:
    signer.hasher = HASH_ALGORITHMS[b"rsa-sha256"]
    secret = parse_pem_private_key(private_key(key))
    names = [each.encode() for each in covered]
    return bytes(signer.gen_header(fields, names, _RELAXED, name, secret))
