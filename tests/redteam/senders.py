"""Mail of somebody else that looks like an approver's; the forger holds a copy of the request."""

from tests.redteam.people import BOB, CORP, EVIL, MALLORY
from tests.redteam.scene import Attack, Make, Scene, bob, named, refused
from tests.signing import MICROSOFT, signed

STRANGER = refused("not-an-approver")
SEVERAL = refused("several-from")


def _from(value: str) -> Make:
    """Signed by the forger's own provider, which signs whatever he writes."""
    return lambda scene: signed(scene.mail(sender=value), EVIL)


def _fields(*values: str) -> Make:
    def make(scene: Scene) -> bytes:
        more = "".join(f"From: {value}\r\n" for value in values[:-1])
        return signed(more.encode() + scene.mail(sender=values[-1]), EVIL)

    return make


def _beside(name: str, value: str = BOB) -> Make:
    """One more field that some program might take for the author's."""
    line = f"{name}: {value}\r\n".encode()
    return lambda scene: signed(line + scene.mail(sender=MALLORY), EVIL)


def _in_bobs_name(scene: Scene) -> bytes:
    return signed(f"Sender: {MALLORY}\r\n".encode() + scene.mail(), EVIL)


ATTACKS = (
    Attack("sender-name-is-the-approver", _from(named(MALLORY, BOB)), STRANGER),
    Attack("sender-name-with-brackets", _from(named(MALLORY, f"Bob <{BOB}>")), STRANGER),
    Attack("sender-name-unquoted", _from(f"{BOB} <{MALLORY}>"), STRANGER),
    Attack("sender-name-encoded", _from(f"=?utf-8?q?bob=40corp.test?= <{MALLORY}>"), STRANGER),
    Attack(
        "sender-name-in-base64",
        _from(f"=?utf-8?b?Ym9iQGNvcnAudGVzdA==?= <{MALLORY}>"),
        STRANGER,
    ),
    Attack("sender-all-encoded", _from("=?utf-8?q?bob=40corp.test?="), SEVERAL),
    Attack("sender-in-comment", _from(f"{MALLORY} ({BOB})"), STRANGER),
    Attack("sender-in-comment-before", _from(f"({BOB}) {MALLORY}"), STRANGER),
    Attack("sender-comment-in-comment", _from(f"<{MALLORY}> (x (y) <{BOB}>)"), STRANGER),
    Attack("sender-two-fields-approver-first", _fields(BOB, MALLORY), SEVERAL),
    Attack("sender-two-fields-approver-last", _fields(MALLORY, BOB), SEVERAL),
    Attack("sender-twice-the-approver", _fields(BOB, BOB), SEVERAL),
    Attack("sender-two-addresses", _from(f"{BOB}, {MALLORY}"), SEVERAL),
    Attack("sender-two-addresses-turned", _from(f"{MALLORY}, {BOB}"), SEVERAL),
    Attack("sender-quoted-comma", _from(f'"{BOB}," <{MALLORY}>'), STRANGER),
    Attack("sender-group", _from(f"Approvers: {BOB};"), SEVERAL),
    Attack("sender-group-of-two", _from(f"Approvers: {MALLORY}, {BOB};"), SEVERAL),
    Attack("sender-two-brackets", _from(f"<{BOB}> <{MALLORY}>"), SEVERAL),
    Attack("sender-route", _from(f"<@{EVIL}:{BOB}>"), SEVERAL),
    Attack("sender-two-ats", _from(f"{BOB}@{EVIL}"), SEVERAL),
    Attack("sender-quoted-local-part", _from(f'"{BOB}"@{EVIL}'), SEVERAL),
    Attack("sender-percent-route", _from(f"bob%{CORP}@{EVIL}"), SEVERAL),
    Attack("sender-empty", _from("<>"), SEVERAL),
    Attack("sender-open-quote", _from(f'"{MALLORY} <{BOB}>'), SEVERAL),
    Attack("sender-open-comment", _from(f"({MALLORY} <{BOB}>"), SEVERAL),
    Attack("sender-trailing-dot", _from(f"{BOB}."), SEVERAL),
    Attack("sender-homograph", _from("bob@xn--crp-jlc.test"), SEVERAL),
    Attack("sender-homograph-letters", _from("bob@c\u043erp.test"), STRANGER),
    Attack("sender-zero-width", _from("bob@corp\u200b.test"), SEVERAL),
    Attack("sender-domain-below-the-forgers", _from(f"bob@{CORP}.{EVIL}"), STRANGER),
    Attack("sender-field-is-the-approver", _beside("Sender"), STRANGER),
    Attack("reply-to-is-the-approver", _beside("Reply-To"), STRANGER),
    Attack("resent-from-is-the-approver", _beside("Resent-From"), STRANGER),
    Attack("return-path-is-the-approver", _beside("Return-Path", f"<{BOB}>"), STRANGER),
    Attack("original-from-is-the-approver", _beside("X-Original-From"), STRANGER),
    Attack("sender-field-is-the-forger", _in_bobs_name, refused("misaligned"), (BOB,)),
    Attack(
        "sender-is-the-agent",
        lambda s: bob(s.mail(sender=s.mailbox)),
        refused("own-mail"),
    ),
    Attack(
        "sender-is-the-agent-with-detail",
        lambda s: bob(s.mail(sender=s.mailbox.replace("@", "+x@"))),
        refused("own-mail"),
    ),
    Attack(
        "sender-of-another-company-host",
        lambda s: signed(s.mail(sender=f"bob@mail.{CORP}"), CORP, MICROSOFT),
        STRANGER,
    ),
)
