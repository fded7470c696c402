"""Mail from the approver's address with a valid token, and a signature that proves nothing."""

import time
from datetime import timedelta

from tests.redteam.forging import crafted
from tests.redteam.people import (
    ABOVE,
    ABSENT,
    BOB,
    CAROL,
    CORP,
    EVIL,
    LOOKALIKES,
    REVOKED,
    SIBLING,
    SUB,
    TESTED,
)
from tests.redteam.scene import Attack, Make, Scene, bob, refused
from tests.signing import GMAIL, MICROSOFT, signed

UNAUTHENTICATED = refused("unauthenticated")
MISALIGNED = refused("misaligned")
_DAY = 86_400


def _by(domain: str) -> Make:
    return lambda scene: signed(scene.mail(), domain)


def _crafted(covered: tuple[str, ...] = GMAIL, **tags: str) -> Make:
    return lambda scene: crafted(scene.mail(), CORP, covered, **tags)


def _selected(selector: str) -> Make:
    return lambda scene: signed(scene.mail(), CORP, key=CORP, selector=selector)


def _ago(seconds: int) -> str:
    return str(int(time.time()) - seconds)


def _changed(before: str, after: str, covered: tuple[str, ...] = GMAIL) -> Make:
    """Signed, and then rewritten by somebody on the way."""

    def make(scene: Scene) -> bytes:
        raw = bob(scene.mail("REJECT", subject=f"Re: {scene.subject}"), covered)
        old = before.encode()
        assert old in raw
        return raw.replace(old, after.encode(), 1)

    return make


def _below(line: str, covered: tuple[str, ...] = MICROSOFT) -> Make:
    """A second field of a name, where the signature would cover it."""
    return lambda scene: bob(scene.mail(), covered).replace(
        b"\r\n\r\n", f"\r\n{line}\r\n\r\n".encode(), 1
    )


def _above(line: str, covered: tuple[str, ...] = MICROSOFT) -> Make:
    return lambda scene: f"{line}\r\n".encode() + bob(scene.mail(), covered)


def _flood(scene: Scene) -> bytes:
    raw = bob(scene.mail())
    for _ in range(12):
        raw = b"DKIM-Signature: v=1; d=corp.test; s=s1; h=from; a=rsa-sha256; b=AAAA\r\n" + raw
    return raw


def _endless(scene: Scene) -> bytes:
    many = b"".join(b"X-%d: x\r\n" % number for number in range(600))
    return bob(scene.mail()).replace(b"\r\n\r\n", b"\r\n" + many + b"\r\n", 1)


def _carols(scene: Scene) -> bytes:
    """Truly hers, and then given Bob's address."""
    raw = signed(scene.mail(sender=CAROL), CORP)
    return raw.replace(f"From: {CAROL}".encode(), f"From: {BOB}".encode())


def _other_parts(scene: Scene) -> bytes:
    """Gmail leaves Content-Type out: with another boundary other lines would be the text."""
    said = "--a\r\nContent-Type: text/plain\r\n\r\nREJECT\r\n"
    hidden = f"--b\r\n\r\nAPPROVE\r\n\r\n> {scene.reference()}\r\n--b--\r\n--a--\r\n"
    raw = scene.mail(body=said + hidden, content_type="multipart/mixed; boundary=a")
    return bob(raw).replace(b"boundary=a", b"boundary=b")


def _of_type(content_type: str, text: str) -> Make:
    """Signed as plain text by a host that leaves Content-Type out, then given another type."""

    def make(scene: Scene) -> bytes:
        raw = bob(scene.mail(body=f"{text}\r\n"))
        return raw.replace(b"text/plain; charset=utf-8", content_type.encode(), 1)

    return make


def _attack(name: str, mail: Make, stands: tuple[str, ...] = UNAUTHENTICATED) -> Attack:
    return Attack(f"signature-{name}", mail, stands, (BOB,))


ATTACKS = (
    _attack("none", lambda s: s.mail()),
    _attack("none-and-a-rejection", lambda s: s.mail("REJECT")),
    _attack("none-and-a-question", lambda s: s.mail("What is this?")),
    _attack("of-the-forger", _by(EVIL), MISALIGNED),
    _attack("of-a-domain-below", _by(SUB), MISALIGNED),
    _attack("of-the-public-suffix", _by(ABOVE), MISALIGNED),
    _attack("of-a-domain-beside", _by(SIBLING), MISALIGNED),
    *(_attack(f"of-{domain}", _by(domain), MISALIGNED) for domain in LOOKALIKES),
    _attack("by-another-key", lambda s: signed(s.mail(), CORP, key=EVIL)),
    _attack("by-a-revoked-key", _selected(REVOKED)),
    _attack("by-a-key-that-is-tried-out", _selected(TESTED)),
    _attack("by-a-key-that-is-not-published", _selected(ABSENT)),
    _attack("by-a-key-of-another-domain", _crafted(key=EVIL, s=f"s1._domainkey.{EVIL}")),
    _attack("of-a-part", lambda s: signed(s.mail(), CORP, length=True)),
    _attack(
        "of-a-part-and-more-below",
        lambda s: signed(s.mail("Hello", body=""), CORP, length=True) + b"APPROVE\r\n",
    ),
    _attack("of-sha1", lambda s: signed(s.mail(), CORP, algorithm=b"rsa-sha1")),
    _attack("expired", lambda s: crafted(s.mail(), CORP, t=_ago(3 * _DAY), x=_ago(2 * _DAY))),
    _attack("of-the-future", lambda s: crafted(s.mail(), CORP, t=_ago(-2 * _DAY))),
    _attack("of-another-version", _crafted(v="2")),
    _attack("with-a-foreign-identity", _crafted(i=f"bob@{EVIL}")),
    _attack("without-from", _crafted(("to", "subject", "date")), MISALIGNED),
    _attack("without-a-date", _crafted(("from", "subject"), t=""), refused("date-not-signed")),
    _attack(
        "dated-by-an-unsigned-field",
        lambda s: crafted(s.mail(), CORP, ("from", "subject"), t=_ago(_DAY)),
        ("ignored older-than-question",),
    ),
    _attack("and-other-words", _changed("\r\n\r\nREJECT", "\r\n\r\nAPPROVE")),
    _attack("and-more-words", _changed("\r\n\r\nREJECT", "\r\n\r\nAPPROVE\r\n\r\nREJECT")),
    _attack("and-another-subject", _changed("Subject: Re: Re:", "Subject: Re:")),
    _attack("and-another-date", _changed("Date: ", "Date: Mon, ")),
    _attack("and-another-recipient", _changed("To: agent", "To: x@y.test, agent")),
    _attack("and-another-sender", _carols),
    _attack("and-a-subject-above", _above("Subject: Re: hello")),
    _attack("and-a-subject-below", _below("Subject: Re: hello")),
    _attack("and-a-date-above", _above("Date: Mon, 23 Nov 2026 07:00:00 +0000")),
    _attack("and-a-date-below", _below("Date: Mon, 23 Nov 2026 07:00:00 +0000")),
    _attack("and-a-recipient-above", _above("To: x@y.test")),
    _attack("and-a-recipient-below", _below("To: x@y.test")),
    _attack("and-a-type-above", _above("Content-Type: text/html")),
    _attack("and-a-type-below", _below("Content-Type: text/html")),
    Attack(
        "signature-and-an-encoding-below",
        _below("Content-Transfer-Encoding: base64", GMAIL),
        refused("unauthenticated"),
        (BOB,),
    ),
    _attack("and-other-parts", _other_parts),
    _attack("and-a-type-that-hides-words", _of_type("text/html", "APPROVE <if he asks for it>")),
    _attack("of-many", _flood),
    _attack("in-an-endless-header", _endless),
    Attack(
        "sender-twice-one-signed",
        lambda s: f"From: {CAROL}\r\n".encode() + bob(s.mail()),
        refused("several-from"),
    ),
    _attack(
        "older-than-the-question",
        lambda s: bob(s.mail(age=timedelta(hours=1))),
        ("ignored older-than-question",),
    ),
    _attack(
        "older-than-the-question-at-microsoft",
        lambda s: bob(s.mail("REJECT", age=timedelta(minutes=11)), MICROSOFT),
        ("ignored older-than-question",),
    ),
    _attack(
        "older-than-the-question-and-unclear",
        lambda s: bob(s.mail("What is this?", age=timedelta(days=1))),
        refused("older-than-question"),
    ),
)
