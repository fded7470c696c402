"""What was sent once, sent again: as it was, under another name, with other words around.

Bob and Carol both have to agree, and Bob has.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from tests.redteam.people import BOB, CAROL, CORP
from tests.redteam.scene import Attack, Scene, bob, refused
from tests.signing import GMAIL, signed

TAKEN_BACK = ("ignored taken-back",)
REPEATED = ("ignored repeated",)
DUPLICATE = ("ignored duplicate",)
FORGED = refused("unauthenticated")
AGO = timedelta(seconds=5)  # a person does not write two mails in the same second
LOOSE = tuple(name for name in GMAIL if name != "message-id")
_votes: dict[tuple[str, Sequence[str]], bytes] = {}
Change = Callable[[bytes], bytes | list[bytes]]


def _vote(scene: Scene, covered: Sequence[str] = GMAIL) -> bytes:
    """The same bytes whenever asked for one approval's: an attack is made of what counted."""
    key = scene.this.request_id, covered
    if key not in _votes:
        _votes[key] = signed(scene.mail(message_id="<bobs@corp.test>", age=AGO), CORP, covered)
    return _votes[key]


def _again(
    name: str,
    change: Change,
    stands: tuple[str, ...],
    warns: tuple[str, ...] = (),
    covered: Sequence[str] = GMAIL,
) -> Attack:
    return Attack(
        f"again-{name}",
        lambda scene: change(_vote(scene, covered)),
        stands,
        warns,
        approvers=(BOB, CAROL),
        require="all",
        before=partial(_vote, covered=covered),
        voted=(BOB,),
    )


def _swapped(before: bytes, after: bytes) -> Change:
    def change(raw: bytes) -> bytes:
        assert before in raw
        return raw.replace(before, after, 1)

    return change


def _in_his_name(name: str, text: str, stands: tuple[str, ...] = FORGED) -> Attack:
    """What would take his consent back, if he had sent it."""
    return Attack(
        f"after-his-vote-{name}",
        lambda scene: scene.mail(text),
        stands,
        (BOB,),
        approvers=(BOB, CAROL),
        require="all",
        before=_vote,
        voted=(BOB,),
    )


def _doubted(scene: Scene) -> list[bytes]:
    return [_vote(scene, LOOSE), bob(scene.mail("Wait, what is this for?"))]


def _after_doubt(
    name: str,
    change: Change,
    stands: tuple[str, ...] = DUPLICATE,
    warns: tuple[str, ...] = (),
) -> Attack:
    """He had agreed and then asked something: his consent is void, and stays it."""
    return Attack(
        f"after-his-doubt-{name}",
        lambda scene: change(_vote(scene, LOOSE)),
        stands,
        warns,
        approvers=(BOB, CAROL),
        require="all",
        before=_doubted,
    )


ATTACKS = (
    _again("as-it-was", lambda raw: raw, DUPLICATE),
    _again("three-times", lambda raw: [raw] * 3, DUPLICATE * 3),
    _again("with-a-field-more", lambda raw: b"Received: by x\r\n" + raw, DUPLICATE),
    _again("under-a-new-name", _swapped(b"<bobs@", b"<new@"), REPEATED, covered=LOOSE),
    _again("under-a-new-name-that-was-signed", _swapped(b"<bobs@", b"<new@"), FORGED, (BOB,)),
    _again("with-other-words", _swapped(b"APPROVE", b"REJECT"), FORGED, (BOB,)),
    _again("with-more-words", _swapped(b"APPROVE\r\n", b"APPROVE\r\nno\r\n"), FORGED, (BOB,)),
    _again("with-blanks-that-nobody-signs", _swapped(b"From: ", b"From:   "), DUPLICATE),
    _again(
        "with-an-encoding-that-nobody-signs",
        lambda raw: b"Content-Transfer-Encoding: base64\r\n" + raw,
        FORGED,
        (BOB,),
    ),
    _again(
        "with-a-charset-that-nobody-signs",
        _swapped(b"charset=utf-8", b"charset=utf-16"),
        DUPLICATE,
    ),
    _in_his_name("a-question", "Wait, what is this for?"),
    _in_his_name("a-rejection", "REJECT"),
    _in_his_name("an-approval", "APPROVE"),
    _after_doubt("as-it-was", lambda raw: raw),
    _after_doubt("under-a-new-name", _swapped(b"<bobs@", b"<new@"), TAKEN_BACK, (BOB,)),
    _after_doubt("with-blanks-that-nobody-signs", _swapped(b"From: ", b"From:   ")),
    Attack(
        "vote-of-an-older-approval",
        lambda s: bob(s.mail(age=timedelta(days=2), message_id="<old@corp.test>")),
        ("ignored older-than-question",),
        (BOB,),
    ),
)
