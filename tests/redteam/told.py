"""Where our own mail server says what it has found: fields that it has not written, or that do not
say what is needed."""

from tests.redteam.people import BOB, CAROL, CORP, EVIL, LIST, SERVER, SUB
from tests.redteam.scene import Attack, Make, Scene, bob, refused
from tests.signing import MICROSOFT, signed

UNAUTHENTICATED = refused("unauthenticated")
BINDING = refused("binding-not-signed")
MISALIGNED = refused("misaligned")
PASS = f"dkim=pass header.d={CORP}"
INTERNAL = b"X-MS-Exchange-Organization-AuthAs: Internal\r\n"
ANONYMOUS = b"X-MS-Exchange-Organization-AuthAs: Anonymous\r\n"
EXCHANGE_PASS = f"dkim=pass (signature was verified) header.d={CORP};dmarc=pass action=none"


def told(raw: bytes, *values: str) -> bytes:
    """The first value is the top-most field's."""
    return "".join(f"Authentication-Results: {value}\r\n" for value in values).encode() + raw


def _says(*values: str) -> Make:
    return lambda scene: told(bob(scene.mail()), *values)


def _two_signatures(results: str) -> Make:
    """His mail about something else, with a second signature that would cover what was added."""

    def make(scene: Scene) -> bytes:
        true = signed(scene.elsewhere(), CORP, MICROSOFT)
        digits = b"".join(true.partition(b" b=")[2].partition(b"\r\nFrom")[0].split())[:8].decode()
        fake = f"DKIM-Signature: v=1; a=rsa-sha256; d={CORP}; s=s1; h=from:in-reply-to; b=AAAA\r\n"
        added = f"In-Reply-To: {scene.asked_in()}\r\n"
        raw = (fake + added).encode() + true
        return told(raw, f"{SERVER}; {results.replace('DIGITS', digits)}")

    return make


def _elsewhere(scene: Scene) -> bytes:
    return f"Delivered-To: {scene.reply_to()}\r\n".encode() + bob(scene.elsewhere(), MICROSOFT)


def _by(signer: str, *values: str) -> Make:
    return lambda scene: told(signed(scene.mail(), signer), *values)


def _attack(name: str, mail: Make, stands: tuple[str, ...] = UNAUTHENTICATED) -> Attack:
    return Attack(f"told-{name}", mail, stands, (BOB,), "told")


def _exchange(name: str, mail: Make, stands: tuple[str, ...] = UNAUTHENTICATED) -> Attack:
    return Attack(f"exchange-{name}", mail, stands, (BOB,), "exchange")


_COMMENT = f"{SERVER} (;\\) {PASS}) ; dkim=fail header.d={CORP}"
_QUOTED = f'{SERVER}; spf=fail smtp.mailfrom="x; {PASS}; y"; dkim=fail header.d={CORP}'

ATTACKS = (
    _attack("nothing", _says()),
    _attack("by-another-server", _says(f"mx.{EVIL}; {PASS}")),
    _attack("by-another-above-ours", _says(f"mx.{EVIL}; {PASS}", f"{SERVER}; {PASS}")),
    _attack("below-ours", _says(f"{SERVER}; dkim=none", f"{SERVER}; {PASS}")),
    _attack("below-ours-that-fails", _says(f"{SERVER}; dkim=fail", f"{SERVER}; {PASS}")),
    _attack("by-a-name-below", _says(f"{SERVER}.{EVIL}; {PASS}")),
    _attack("by-a-name-above", _says(f"{CORP}; {PASS}")),
    _attack("by-a-name-in-a-comment", _says(f"mx.{EVIL} ({SERVER}); {PASS}")),
    _attack("by-a-name-and-another", _says(f"{SERVER} x y; {PASS}")),
    _attack("by-a-name-that-is-a-result", _says(f"{PASS}; {SERVER}")),
    _attack("in-a-comment", _says(_COMMENT)),
    _attack("in-quotes", _says(_QUOTED)),
    _attack("in-an-open-comment", _says(f"{SERVER}; {PASS} (x")),
    _attack("in-open-quotes", _says(f'{SERVER}; {PASS} reason="x')),
    _attack("spf-alone", _says(f"{SERVER}; spf=pass smtp.mailfrom={BOB}")),
    _attack(
        "dmarc-by-spf-alone",
        _says(f"{SERVER}; spf=pass smtp.mailfrom={BOB}; dmarc=pass header.from={CORP}"),
    ),
    _attack("dmarc-failed", _says(f"{SERVER}; {PASS}; dmarc=fail header.from={CORP}")),
    _attack("no-domain", _says(f"{SERVER}; dkim=pass")),
    _attack("an-identity-elsewhere", _says(f"{SERVER}; dkim=pass header.i=bob@{EVIL}")),
    _attack("an-identity-like-it", _says(f"{SERVER}; dkim=pass header.i=@x{CORP}")),
    _attack("two-identities", _says(f"{SERVER}; {PASS} header.i=@{EVIL}")),
    _attack("another-selector", _says(f"{SERVER}; {PASS} header.s=s9")),
    _attack("another-signature", _says(f"{SERVER}; {PASS} header.b=00000000")),
    _attack("a-domain-twice", _says(f"{SERVER}; {PASS} header.d={EVIL}")),
    *(
        _attack(f"dkim-{word}", _says(f"{SERVER}; dkim={word} header.d={CORP}"))
        for word in ("neutral", "policy", "temperror", "none", "passed")
    ),
    _attack("another-domain", _by(EVIL, f"{SERVER}; dkim=pass header.d={EVIL}"), MISALIGNED),
    _attack("a-domain-below", _by(SUB, f"{SERVER}; dkim=pass header.d={SUB}"), MISALIGNED),
    _attack(
        "another-domain-beside-ours",
        lambda s: told(
            signed(bob(s.mail()), EVIL),
            f"{SERVER}; dkim=fail header.d={CORP}; dkim=pass header.d={EVIL}",
        ),
    ),
    _attack("no-signature", lambda s: told(s.mail(), f"{SERVER}; {PASS}")),
    _attack("of-a-part", lambda s: told(signed(s.mail(), CORP, length=True), f"{SERVER}; {PASS}")),
    _attack("as-exchange-does", _says(EXCHANGE_PASS)),
    _attack(
        "internal-to-exchange",
        lambda s: INTERNAL + s.mail(),
    ),
    _attack("elsewhere", lambda s: told(_elsewhere(s), f"{SERVER}; {PASS}"), BINDING),
    _attack("elsewhere-and-its-signature", _two_signatures(f"{PASS} header.b=DIGITS"), BINDING),
    _attack("elsewhere-and-either-signature", _two_signatures(PASS), BINDING),
    _attack("arc-without-a-chain", _says(f"{SERVER}; dkim=fail; arc=pass header.d={LIST}")),
    _exchange("nothing", _says()),
    _exchange("as-others-do", _says(f"{SERVER}; {PASS}")),
    _exchange("with-a-name", _says(f"exchange-online; {PASS}")),
    _exchange("below", _says("spf=pass smtp.mailfrom=x;dkim=none", EXCHANGE_PASS)),
    _exchange(
        "dmarc-by-spf-alone",
        _says(f"spf=pass smtp.mailfrom={CORP};dkim=none;dmarc=pass action=none;compauth=pass"),
    ),
    _exchange("composite-alone", _says("dkim=none;dmarc=bestguesspass;compauth=pass reason=109")),
    _exchange("dmarc-failed", _says(f"dkim=pass header.d={CORP};dmarc=fail action=oreject")),
    _exchange("another-domain", _by(EVIL, f"dkim=pass header.d={EVIL};dmarc=pass"), MISALIGNED),
    _exchange("elsewhere", lambda s: told(_elsewhere(s), EXCHANGE_PASS), BINDING),
    _exchange("anonymous", lambda s: ANONYMOUS + s.mail()),
    _exchange(
        "internal-and-anonymous",
        lambda s: INTERNAL + ANONYMOUS + s.mail(),
    ),
    Attack(
        "exchange-internal-colleague",
        lambda s: INTERNAL + s.mail(sender=CAROL),
        refused("not-an-approver"),
        desk="exchange",
    ),
)
