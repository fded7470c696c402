"""People of the same company, whose provider signs for all of them: only the token tells."""

from typing import Any

from tests.redteam.people import BOB, CAROL, CORP, DAVE, HOME, ROBERT
from tests.redteam.scene import Attack, Scene, bob, refused
from tests.signing import signed

MISMATCH = refused("token-mismatch")
STRANGER = refused("not-an-approver")
EVE = f"eve@{CORP}"
BOTH = (BOB, CAROL)


def _reply_to_all(scene: Scene) -> bytes:
    """Carol answers Bob's answer, with his request quoted."""
    quoted = f"APPROVE\r\n\r\n> APPROVE\r\n>> {scene.reference()}\r\n"
    own = scene.this.token(CAROL)
    return bob(scene.mail(sender=CAROL, token=own, body=quoted))


def _forwarded(scene: Scene) -> bytes:
    """Bob has sent his request on; its receiver answers it."""
    below = f"---------- Forwarded message ----------\r\nFrom: {BOB}\r\n\r\n{scene.reference()}\r\n"
    ids: dict[str, Any] = {"in_reply_to": "<1@corp.test>", "references": scene.asked_in()}
    fields = {"to": scene.mailbox, **ids}
    return bob(scene.mail(sender=EVE, body=f"APPROVE\r\n\r\n{below}", **fields))


def _requesters_own_token(scene: Scene) -> bytes:
    return bob(scene.mail(sender=DAVE, token=scene.this.token(DAVE)))


def _alias_with_detail(scene: Scene) -> bytes:
    return signed(scene.mail(sender=f"robert+x@{HOME}"), HOME)


ATTACKS = (
    Attack(
        "colleague-answers-all",
        _reply_to_all,
        refused("carriers-disagree"),
        approvers=BOTH,
        require="all",
    ),
    Attack("colleague-got-it-forwarded", _forwarded, STRANGER),
    Attack("colleague-with-bobs-token", lambda s: bob(s.mail(sender=EVE)), STRANGER),
    Attack(
        "approver-with-anothers-token",
        lambda s: bob(s.mail(sender=CAROL)),
        MISMATCH,
        approvers=BOTH,
    ),
    Attack(
        "approver-not-asked-here",
        lambda s: bob(s.mail(sender=CAROL, token=s.this.token(CAROL))),
        ("ignored not-an-approver",),
    ),
    Attack(
        "requester-with-bobs-token",
        lambda s: bob(s.mail(sender=DAVE)),
        STRANGER,
        requested_by=DAVE,
    ),
    Attack(
        "requester-with-a-token-of-his-own",
        _requesters_own_token,
        ("ignored not-an-approver",),
        requested_by=DAVE,
    ),
    Attack("plus-address", lambda s: bob(s.mail(sender=f"bob+x@{CORP}")), STRANGER),
    Attack("dots", lambda s: bob(s.mail(sender=f"b.o.b@{CORP}")), STRANGER),
    Attack(
        "alias-with-detail", lambda s: signed(s.mail(sender=f"robert+x@{HOME}"), HOME), STRANGER
    ),
    Attack(
        "alias-signed-by-the-company",
        lambda s: bob(s.mail(sender=ROBERT)),
        refused("misaligned"),
        (BOB,),
    ),
    Attack("alias-unsigned", lambda s: s.mail(sender=ROBERT), refused("unauthenticated"), (BOB,)),
    Attack(
        "alias-with-a-token-of-its-own",
        lambda s: signed(s.mail(sender=ROBERT, token=s.this.token(ROBERT)), HOME),
        MISMATCH,
    ),
)
