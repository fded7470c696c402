"""Truly signed mail of the approver with a token that is none for this: the first gate alone."""

from mail.identity import Keyring
from tests.redteam.people import CAROL, DROPPED_SECRET
from tests.redteam.scene import About, Attack, Scene, bob, refused

NO_TOKEN = refused("no-token")
MISMATCH = refused("token-mismatch")
DISAGREE = refused("carriers-disagree")
DROPPED = Keyring.from_secrets([DROPPED_SECRET])


def _with(token_of):
    return lambda scene: bob(scene.mail(token=token_of(scene)))


def _changed(token: str) -> str:
    return token[:-1] + ("a" if token[-1] != "a" else "b")


def _of_another_action(scene: Scene) -> str:
    return About(scene.this.request_id, "0" * 64).token()


def _bare(scene: Scene, **fields: str) -> bytes:
    """Only the subject names the approval."""
    return bob(scene.elsewhere(subject=scene.subject, **fields))


def _two_approvals(scene: Scene) -> bytes:
    both = f"{scene.reply_to()}, {scene.reply_to(about=scene.other)}"
    return bob(scene.mail(to=both))


def _other_below(scene: Scene) -> bytes:
    return bob(scene.mail(f"APPROVE\r\n\r\n> {scene.reference(about=scene.other)}"))


def _about_the_other(scene: Scene) -> bytes:
    ids = scene.asked_in(about=scene.other)
    body = f"APPROVE\r\n\r\n> {scene.reference(about=scene.other)}\r\n"
    to = scene.reply_to(about=scene.other)
    return bob(scene.mail(to=to, in_reply_to=ids, references=ids, body=body))


def _nobodys(scene: Scene) -> bytes:
    about = About("AR-0000000000", "0" * 64)
    return bob(scene.elsewhere(to=scene.reply_to(about=about)))


ATTACKS = (
    Attack("token-none", _bare, NO_TOKEN),
    Attack("token-none-and-no-code", lambda s: bob(s.elsewhere())),
    Attack("token-in-a-field-of-its-own", lambda s: _bare(s, x_token=s.this.token()), NO_TOKEN),
    Attack(
        "token-in-the-subject",
        lambda s: bob(s.elsewhere(subject=f"{s.subject} {s.this.token()}")),
        NO_TOKEN,
    ),
    Attack("token-of-letters", _with(lambda s: "a" * 28), MISMATCH),
    Attack("token-with-one-letter-changed", _with(lambda s: _changed(s.this.token())), MISMATCH),
    Attack("token-too-short", _with(lambda s: s.this.token()[:-1]), NO_TOKEN),
    Attack("token-too-long", _with(lambda s: s.this.token() + "a"), NO_TOKEN),
    Attack("token-of-another-approver", _with(lambda s: s.this.token(CAROL)), MISMATCH),
    Attack("token-of-another-request", _with(lambda s: s.other.token()), MISMATCH),
    Attack("token-of-bounces", _with(lambda s: s.bounce_token()), MISMATCH),
    Attack("token-by-a-dropped-key", _with(lambda s: s.this.token(keys=DROPPED)), MISMATCH),
    Attack(
        "token-with-another-keys-name",
        _with(lambda s: DROPPED.keys[0].id + s.this.token()[2:]),
        MISMATCH,
    ),
    Attack("token-of-another-action", _with(_of_another_action), ("ignored token-mismatch",)),
    Attack(
        "token-right-and-of-another-action",
        lambda s: bob(s.mail(to=s.reply_to(_of_another_action(s)))),
        DISAGREE,
    ),
    Attack("token-right-and-wrong", lambda s: bob(s.mail(cc=s.reply_to("a" * 28))), DISAGREE),
    Attack(
        "token-right-and-anothers",
        lambda s: bob(s.mail(references=s.asked_in(s.this.token(CAROL)))),
        DISAGREE,
    ),
    Attack(
        "token-right-and-anothers-quoted",
        lambda s: bob(s.mail(f"APPROVE\r\n\r\n> {s.reference(s.this.token(CAROL))}")),
        DISAGREE,
    ),
    Attack("tokens-of-two-approvals", _two_approvals),
    Attack("tokens-of-two-approvals-one-quoted", _other_below),
    Attack("tokens-of-another-approval-all", _about_the_other),
    Attack(
        "code-of-another-approval",
        lambda s: bob(s.mail(subject=f"Re: Approval needed: Refund [{s.other.request_id}]")),
        DISAGREE,
    ),
    Attack("token-of-no-approval", _nobodys),
    Attack(
        "token-of-bounces-at-its-address", lambda s: bob(s.elsewhere(to=s.bounce_to())), ("auto",)
    ),
)
