"""Truly signed mail of the approver about something else, sent on with what makes it an answer.

Gmail also signs that fields are absent; what Microsoft 365 signs names nobody but the sender.
"""

from tests.redteam.people import BOB, CORP, EVIL
from tests.redteam.scene import Attack, Make, Scene, bob, refused
from tests.signing import GMAIL, MICROSOFT, signed

BINDING = refused("binding-not-signed")
UNAUTHENTICATED = refused("unauthenticated")
FORMS = {"gmail": GMAIL, "microsoft": MICROSOFT}


def _fields(scene: Scene) -> dict[str, str]:
    """What can be added to a mail so that it bears the token."""
    ids, to = scene.asked_in(), scene.reply_to()
    return {
        "in-reply-to": f"In-Reply-To: {ids}\r\n",
        "references": f"References: {ids}\r\n",
        "cc": f"Cc: {to}\r\n",
        "to": f"To: {to}\r\n",
        "subject": f"Subject: {scene.subject}\r\nDelivered-To: {to}\r\n",
        "delivered-to": f"Delivered-To: {to}\r\n",
        "x-original-to": f"X-Original-To: {to}\r\n",
        "envelope-to": f"Envelope-To: {to}\r\n",
        "x-envelope-to": f"X-Envelope-To: {to}\r\n",
    }


_SEEN = {
    "gmail": {"in-reply-to", "references", "cc", "to", "subject"},
    "microsoft": {"to", "subject"},
}
"""Where a field that is added breaks the signature, or stands there twice."""
_NAMES = (
    "in-reply-to",
    "references",
    "cc",
    "to",
    "subject",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
)


def _added(name: str, form: str, text: str, below: bool = False) -> Make:
    def make(scene: Scene) -> bytes:
        raw = bob(scene.elsewhere(text), FORMS[form])
        line = _fields(scene)[name].encode()
        return raw.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n", 1) if below else line + raw

    return make


def _fake_beside(scene: Scene, above: bool, names: str = "from:in-reply-to:to:cc") -> bytes:
    """With one more signature of the true domain, which would cover all if it were one."""
    fake = f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={CORP}; s=s1; t=1; h={names};"
    line = f"{fake} bh=AAAA; b=AAAA\r\n".encode()
    raw = bob(scene.elsewhere(), MICROSOFT)
    raw = line + raw if above else raw.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n", 1)
    return f"In-Reply-To: {scene.asked_in()}\r\n".encode() + raw


def _evil_beside(scene: Scene) -> bytes:
    """The forger's own good signature covers what he has added."""
    raw = f"In-Reply-To: {scene.asked_in()}\r\n".encode() + bob(scene.elsewhere(), MICROSOFT)
    return signed(raw, EVIL)


def _to_a_colleague(scene: Scene) -> bytes:
    raw = bob(scene.elsewhere(to="eve@corp.test", subject=scene.subject))
    return f"Delivered-To: {scene.reply_to()}\r\n".encode() + raw


def _about_the_other(scene: Scene) -> bytes:
    """His consent to another approval, without its quote, and now about this one."""
    ids = scene.asked_in(about=scene.other)
    raw = scene.elsewhere(subject="Re:", in_reply_to=ids, references=ids)
    raw = bob(raw, ("from", "date", "subject"))
    return raw.replace(ids.encode(), scene.asked_in().encode())


def _coded_for_the_other(scene: Scene) -> bytes:
    subject = f"Re: Approval needed: Refund [{scene.other.request_id}]"
    raw = bob(scene.elsewhere(subject=subject), MICROSOFT)
    return f"Delivered-To: {scene.reply_to()}\r\n".encode() + raw


def _attack(name: str, mail: Make, stands: tuple[str, ...] = BINDING) -> Attack:
    return Attack(f"elsewhere-{name}", mail, stands, (BOB,))


ATTACKS = (
    *(
        _attack(
            f"{form}-with-{name}-added",
            _added(name, form, "APPROVE"),
            UNAUTHENTICATED if name in _SEEN[form] else BINDING,
        )
        for form in FORMS
        for name in _NAMES
    ),
    *(
        _attack(
            f"{form}-rejection-with-{name}-added-below",
            _added(name, form, "REJECT", below=True),
            UNAUTHENTICATED if name in _SEEN[form] else BINDING,
        )
        for form in FORMS
        for name in ("in-reply-to", "delivered-to")
    ),
    _attack("with-a-fake-signature-above", lambda s: _fake_beside(s, above=True)),
    _attack("with-a-fake-signature-below", lambda s: _fake_beside(s, above=False)),
    _attack("with-the-forgers-signature", _evil_beside),
    _attack("to-a-colleague", _to_a_colleague, refused("not-addressed-to-us")),
    _attack("about-another-approval", _about_the_other),
    Attack("elsewhere-coded-for-another", _coded_for_the_other, refused("carriers-disagree")),
)
