"""Forwarders for tests: they seal what they pass on (RFC 8617), as Google's do."""

from base64 import b64encode
from collections.abc import Sequence

import dkim
from dkim.canonicalization import CanonicalizationPolicy
from dkim.crypto import HASH_ALGORITHMS, parse_pem_private_key

from tests.signing import SELECTOR, private_key

# Google's; Microsoft's leaves DKIM-Signature out.
GOOGLE = ("to", "subject", "message-id", "date", "from", "mime-version", "dkim-signature")
_FORM = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
_NAMES = (b"ARC-Authentication-Results", b"ARC-Message-Signature", b"ARC-Seal")


def sealed(
    raw: bytes,
    domain: str,
    results: str,
    covered: Sequence[str] = GOOGLE,
    *,
    instance: int = 1,
    cv: str = "",
    key: str = "",
) -> bytes:
    """The message with one more ARC set on top; `results` as `domain` has seen it."""
    seen = f" i={instance}; {domain}; {results}\r\n".encode()
    message = _signer(_field(0, seen) + raw)
    names = [name.encode() for name in covered]
    common = [(b"i", b"%d" % instance), (b"a", b"rsa-sha256"), (b"d", domain.encode())]
    common += [(b"s", SELECTOR.encode()), (b"t", b"1760000000")]
    body = message.hasher(_FORM.canonicalize_body(message.body)).digest()
    of_message = [*common, (b"c", b"relaxed/relaxed"), (b"h", b" : ".join(names))]
    of_message += [(b"bh", b64encode(body)), (b"b", b"")]
    pk = parse_pem_private_key(private_key(key or domain))
    ams = message.gen_header(of_message, names, _FORM, _NAMES[1], pk)
    raw = _field(1, b" " + ams) + _field(0, seen) + raw
    # From the first set on, and of the last one all but the seal itself.
    before = [name.lower() for _ in range(1, instance) for name in _NAMES]
    chain = [*before, _NAMES[0].lower(), _NAMES[1].lower()]
    status = (cv or ("none" if instance == 1 else "pass")).encode()
    of_seal = [*common, (b"cv", status), (b"b", b"")]
    seal = _signer(raw).gen_header(of_seal, chain, _FORM, _NAMES[2], pk)
    return _field(2, b" " + seal) + raw


def _signer(raw: bytes) -> dkim.ARC:
    signer = dkim.ARC(raw)
    signer.hasher = HASH_ALGORITHMS[b"rsa-sha256"]
    return signer


def _field(which: int, value: bytes) -> bytes:
    return _NAMES[which] + b":" + value.rstrip() + b"\r\n"
