"""No attacks: answers that Bob has truly sent, in the forms that hosts and programs give them.

Each has to count on every server. Carol has to agree, too, so that his stands alone for a while.
"""

from typing import Any

from mail.identity import Keyring
from tests.redteam.forging import sealed
from tests.redteam.people import BOB, CAROL, CORP, EVIL, HOME, LIST, OLD_SECRET, ROBERT, SERVER
from tests.redteam.scene import Attack, Make, Scene, bob
from tests.redteam.sealed import SEEN, passed_on
from tests.redteam.told import EXCHANGE_PASS, PASS, told
from tests.signing import MICROSOFT, signed

OLD = Keyring.from_secrets([OLD_SECRET])
SIMPLE, RELAXED = b"simple", b"relaxed"
_MARKUP = (
    "--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAPPROVE\r\n\r\n"
    "--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>APPROVE</p>\r\n\r\n--a--\r\n"
)


def _counts(name: str, mail: Make, desk: str = "dns") -> Attack:
    return Attack(
        f"true-{name}",
        mail,
        (f"vote {BOB}",),
        desk=desk,
        approvers=(BOB, CAROL),
        require="all",
        voted=(BOB,),
    )


def _body(text: str, canonical: tuple[bytes, bytes] = (SIMPLE, SIMPLE)) -> Make:
    """Every octet of it is signed."""
    return lambda scene: signed(scene.mail(body=text), CORP, canonical=canonical)


def _text_only(scene: Scene) -> bytes:
    """From the `mailto:` link: the reference line is all that names the approval."""
    bare: dict[str, Any] = {"in_reply_to": "", "references": ""}
    return bob(scene.mail(to=scene.mailbox, subject="Hi", **bare), MICROSOFT)


def _folded(scene: Scene) -> bytes:
    references = f"<a@b.test>\r\n\t<c@d.test>\r\n {scene.asked_in()}"
    return signed(scene.mail(references=references), CORP, canonical=(SIMPLE, SIMPLE))


def _html(scene: Scene) -> bytes:
    return bob(scene.mail(body=_MARKUP, content_type="multipart/alternative; boundary=a"))


def _html_alone(scene: Scene) -> bytes:
    return bob(scene.mail(body="<p>APPROVE</p>\r\n", content_type="text/html"))


def _told_above(scene: Scene) -> bytes:
    """What somebody else has written below is not looked at."""
    ours, others = f"{SERVER} 1; spf=fail; {PASS}", f"{SERVER}; dkim=fail"
    return told(bob(scene.mail()), ours, others)


def _told_by_arc(scene: Scene) -> bytes:
    found = f"{SERVER}; dkim=fail header.d={CORP}; arc=pass"
    return told(sealed(passed_on(scene), LIST, SEEN), found)


def _sealed_twice(scene: Scene) -> bytes:
    return sealed(sealed(passed_on(scene), LIST, SEEN), LIST, "arc=pass")


ATTACKS = (
    _counts("by-gmail", lambda s: bob(s.mail())),
    _counts("by-microsoft", lambda s: bob(s.mail(), MICROSOFT)),
    _counts("simple", lambda s: signed(s.mail(), CORP, canonical=(SIMPLE, SIMPLE))),
    _counts("simple-body", lambda s: signed(s.mail(), CORP, canonical=(RELAXED, SIMPLE))),
    _counts("umlauts", _body("APPROVE\r\n\r\nSch\u00f6ne Gr\u00fc\u00dfe\r\n")),
    _counts("blanks-and-tabs", _body("  APPROVE \t \r\n\t\r\n \r\nThanks  \r\n")),
    _counts("empty-lines-at-its-end", _body("APPROVE\r\n\r\n\r\n\r\n")),
    _counts("no-line-end-at-its-end", _body("APPROVE", (RELAXED, RELAXED))),
    _counts("dots-and-froms", _body("APPROVE\r\n\r\n.\r\n..\r\nFrom me\r\n")),
    _counts("long-lines", _body("APPROVE\r\n\r\n" + "> " + "x" * 990 + "\r\n")),
    _counts(
        "folded-fields",
        lambda s: signed(
            s.mail(references=f"<a@b.test>\r\n\t<c@d.test>\r\n {s.asked_in()}"),
            CORP,
            canonical=(SIMPLE, SIMPLE),
        ),
    ),
    _counts(
        "html",
        lambda s: signed(
            s.mail(body=_MARKUP, content_type="multipart/alternative; boundary=a"), CORP
        ),
    ),
    _counts(
        "html-alone", lambda s: bob(s.mail(body="<p>APPROVE</p>\r\n", content_type="text/html"))
    ),
    _counts("two-signatures", lambda s: signed(bob(s.mail()), EVIL)),
    _counts("two-signatures-one-bad", lambda s: signed(bob(s.mail()), CORP, key=EVIL)),
    _counts("reference-alone", _text_only),
    _counts("upper-case-address", lambda s: bob(s.mail(sender="Bob <BOB@Corp.Test>"))),
    _counts("upper-case-token", lambda s: bob(s.mail(to=s.reply_to().upper()))),
    _counts("old-key", lambda s: bob(s.mail(token=s.this.token(keys=OLD)))),
    _counts("alias", lambda s: signed(s.mail(sender=ROBERT), HOME)),
    _counts("named-as-somebody-else", lambda s: bob(s.mail(sender=f'"{CAROL}" <{BOB}>'))),
    _counts("told", lambda s: told(bob(s.mail()), f"{SERVER}; {PASS}"), "told"),
    _counts(
        "told-with-forged-below",
        lambda s: told(bob(s.mail()), f"{SERVER} 1; spf=fail; {PASS}", f"{SERVER}; dkim=fail"),
        "told",
    ),
    _counts(
        "told-by-arc",
        lambda s: told(
            sealed(passed_on(s), LIST, SEEN), f"{SERVER}; dkim=fail header.d={CORP}; arc=pass"
        ),
        "told",
    ),
    _counts("exchange", lambda s: told(bob(s.mail(), MICROSOFT), EXCHANGE_PASS), "exchange"),
    _counts(
        "exchange-internal",
        lambda s: b"X-MS-Exchange-Organization-AuthAs: Internal\r\n" + s.mail(),
        "exchange",
    ),
    _counts("sealed", lambda s: sealed(passed_on(s), LIST, SEEN), "sealed"),
    _counts(
        "sealed-twice",
        lambda s: sealed(sealed(passed_on(s), LIST, SEEN), LIST, "arc=pass"),
        "sealed",
    ),
    _counts("unsealed", lambda s: bob(s.mail()), "sealed"),
)
