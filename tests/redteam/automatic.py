"""What programs send: none of it is anybody's consent, whatever stands in it."""

from collections.abc import Mapping
from typing import Any

from tests.redteam.people import BOB, CORP
from tests.redteam.scene import Attack, Make, Scene, bob

AUTO = ("auto",)
_TEXT = "Content-Type: text/plain\r\n\r\nAPPROVE\r\n"


def _with(**fields: Any) -> Make:
    return lambda scene: bob(scene.mail(**fields))


def _parts(kind: str, part: str, **fields: Any) -> Make:
    def make(scene: Scene) -> bytes:
        body = f"--a\r\n{_TEXT}\r\n--a\r\n{part}\r\n--a--\r\n"
        return bob(scene.mail(body=body, content_type=f"{kind}; boundary=a", **fields))

    return make


_CALENDAR = "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY"
_RECEIPT = "Content-Type: message/disposition-notification\r\n\r\nDisposition: automatic; displayed"
_DELAYED = (
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
    f"Final-Recipient: rfc822; {BOB}\r\nAction: delayed\r\nStatus: 4.4.1"
)
_REPORT = "multipart/report; report-type=delivery-status"
_FROM_MAILER: Mapping[str, str] = {"sender": f"MAILER-DAEMON@{CORP}"}

ATTACKS = (
    Attack("auto-replied", _with(auto_submitted="auto-replied"), AUTO),
    Attack("auto-generated", _with(auto_submitted="auto-generated (x)"), AUTO),
    Attack("auto-precedence", _with(precedence="bulk"), AUTO),
    Attack("auto-null-sender", _with(return_path="<>"), AUTO),
    Attack("auto-x-autoreply", _with(x_autoreply="yes"), AUTO),
    Attack(
        "auto-by-its-subject",
        lambda s: bob(s.mail(subject=f"Automatic reply: Approval needed [{s.this.request_id}]")),
        AUTO,
    ),
    Attack("auto-calendar", _parts("multipart/alternative", _CALENDAR), AUTO),
    Attack("auto-read-receipt", _parts("multipart/report", _RECEIPT), AUTO),
    Attack("auto-to-the-bounce-address", lambda s: bob(s.mail(to=s.bounce_to())), AUTO),
    Attack("auto-our-own-come-back", lambda s: bob(s.mail(message_id=s.asked_in())), AUTO),
    Attack(
        "bounce-with-consent",
        lambda s: _parts(_REPORT, _DELAYED, to=s.bounce_to(), **_FROM_MAILER)(s),
        ("bounce",),
    ),
    Attack("bounce-to-the-reply-address", _parts(_REPORT, _DELAYED, **_FROM_MAILER)),
    Attack(
        "bounce-with-a-wrong-token",
        lambda s: _parts(
            _REPORT,
            _DELAYED.replace("delayed", "failed"),
            to=s.bounce_to().replace(s.bounce_token(), "a" * 28),
            **_FROM_MAILER,
        )(s),
    ),
    Attack(
        "bounce-with-a-token-of-answers",
        lambda s: _parts(
            _REPORT,
            _DELAYED.replace("delayed", "failed"),
            to=s.bounce_to().replace(s.bounce_token(), s.this.token()),
            **_FROM_MAILER,
        )(s),
    ),
)
