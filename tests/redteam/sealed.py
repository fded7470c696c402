"""Mail that a list has changed and passed on, with the seals of those who did."""

from tests.redteam.forging import SEALED, sealed
from tests.redteam.people import BOB, CORP, EVIL, LIST, SERVER
from tests.redteam.scene import Attack, Make, Scene, bob, refused
from tests.redteam.told import told
from tests.signing import MICROSOFT, signed

UNAUTHENTICATED = refused("unauthenticated")
SEEN = f"dkim=pass header.d={CORP}"


def passed_on(scene: Scene, text: str = "APPROVE") -> bytes:
    """As a list delivers it: its own name in front of the subject breaks the signature."""
    return bob(scene.mail(text)).replace(b"Subject: ", b"Subject: [list] ", 1)


def _sealed(*sealers: str, results: str = SEEN, **how: str) -> Make:
    def make(scene: Scene) -> bytes:
        raw = passed_on(scene)
        for sealer in sealers:
            raw = sealed(raw, sealer, results, **how)
        return raw

    return make


def _changed(before: bytes, after: bytes) -> Make:
    def make(scene: Scene) -> bytes:
        raw = sealed(passed_on(scene, "REJECT"), LIST, SEEN)
        assert before in raw
        return raw.replace(before, after, 1)

    return make


def _elsewhere_sealed(scene: Scene) -> bytes:
    """What the list has sealed is about something else, and its seal lets fields be added."""
    loose = ("from", "subject", "date", "dkim-signature")
    raw = bob(scene.elsewhere()).replace(b"Subject: ", b"Subject: [list] ", 1)
    return f"In-Reply-To: {scene.asked_in()}\r\n".encode() + sealed(raw, LIST, SEEN, loose)


def _more_covered_afterwards(scene: Scene) -> bytes:
    """The list has seen the added field, and that nobody has signed it; then the signature is
    rewritten, which the seal does not cover."""
    raw = signed(scene.elsewhere(), CORP, MICROSOFT)
    raw = f"In-Reply-To: {scene.asked_in()}\r\n".encode() + raw
    raw = sealed(raw, LIST, SEEN, SEALED)
    above, sign, below = raw.rpartition(b"h=from :")
    return above + sign + b" in-reply-to :" + below


def _attack(name: str, mail: Make, stands: tuple[str, ...] = UNAUTHENTICATED) -> Attack:
    return Attack(f"sealed-{name}", mail, stands, (BOB,), "sealed")


ATTACKS = (
    _attack("by-nobody", passed_on),
    _attack("by-the-forger", _sealed(EVIL)),
    _attack("by-the-forger-first", _sealed(EVIL, LIST)),
    _attack("by-the-forger-last", _sealed(LIST, EVIL)),
    _attack("with-the-forgers-key", _sealed(LIST, key=EVIL)),
    _attack("as-failed", _sealed(LIST, LIST, verdict="fail")),
    _attack("without-a-signature-seen", _sealed(LIST, results="dkim=none; spf=pass")),
    _attack("with-a-bad-signature-seen", _sealed(LIST, results=f"dkim=fail header.d={CORP}")),
    _attack("with-anothers-signature-seen", _sealed(LIST, results=f"dkim=pass header.d={EVIL}")),
    _attack("and-changed", _changed(b"\r\n\r\nREJECT", b"\r\n\r\nAPPROVE")),
    _attack("and-its-results-changed", _changed(b"dkim=pass", b"dkim=PASS")),
    _attack("and-its-subject-changed", _changed(b"Subject: [list]", b"Subject: [LIST]")),
    _attack("and-renumbered", _changed(b"ARC-Seal: i=1", b"ARC-Seal: i=2")),
    _attack("with-one-seal-twice", lambda s: _twice(_sealed(LIST)(s))),
    _attack("elsewhere", _elsewhere_sealed, refused("binding-not-signed")),
    _attack("and-more-signed-afterwards", _more_covered_afterwards),
    Attack("unsealed-desk", _sealed(LIST), UNAUTHENTICATED, (BOB,)),
    Attack(
        "told-arc-of-the-forger",
        lambda s: told(_sealed(EVIL)(s), f"{SERVER}; dkim=fail header.d={CORP}; arc=pass"),
        UNAUTHENTICATED,
        (BOB,),
        "told",
    ),
    Attack(
        "told-arc-that-fails",
        lambda s: told(_sealed(LIST)(s), f"{SERVER}; dkim=fail header.d={CORP}; arc=fail"),
        UNAUTHENTICATED,
        (BOB,),
        "told",
    ),
)


def _twice(raw: bytes) -> bytes:
    return raw[: raw.index(b"ARC-Message-Signature")] + raw
