"""The warning: mail in an approver's name did not count, for nothing shows that they sent it.

It goes to the approver alone, and says nothing of what the mail said: whoever wrote that must not
be heard through us.
"""

from mail.approval import Answer, Approval
from mail.letter import Letter, Link, Section
from mail.passages import closed_facts, moment, quoted_section, summary

_OPENING = (
    "A mail came that answers this approval from your address, with what only your copy of the "
    "request holds. It was not counted, because nothing shows that you sent it. It changed nothing."
)
_WHY = {
    "unauthenticated": "It bears no valid signature of your mail provider (DKIM).",
    "misaligned": "It is signed by somebody else than your mail provider (DKIM).",
    "not-proven-now": "Your mail provider's key could not be looked up for a while (DNS).",
    "binding-not-signed": "Its signature covers nothing that names this approval: it may be an old "
    "mail of yours that somebody has changed and sent again.",
    "date-not-signed": "Its signature does not say when it was made.",
    "not-addressed-to-us": "It was written to somebody else, and not to this program.",
    "taken-back": "It was signed before another mail of yours that took your answer back: it may "
    "be an old mail of yours that somebody has sent again, or a clock of yours is wrong.",
    "older-than-question": "Its date is before this approval was asked: it may be an old mail of "
    "yours that somebody has sent again, or the clock of your computer is wrong.",
}
_YOURS = (
    "Answer the request itself, from the address that it was sent to, through your own mail "
    "provider: not through another server, a list or a forwarding service. If that does not help, "
    "tell whoever runs this program the request id."
)
_NOT_YOURS = (
    "Then somebody has a copy of the request, and writes in your name. Tell whoever runs this "
    "program, and do not forward such mail."
)


def warning_letter(
    approval: Approval,
    answer: Answer,
    subject: str,
    reference: str,
    timezone: str,
    links: tuple[Link, ...],
) -> Letter:
    """`answer.reason` is `mail.trust.Distrust` or the like, with a detail behind a colon."""
    reason, _, detail = answer.reason.partition(":")
    why = _WHY.get(reason)
    ended = bool(answer.outcome)
    waits = () if ended else (("Answer by", moment(approval.expires_at, timezone)),)
    return Letter(
        subject=subject,
        headline="Mail in your name was not counted",
        summary=summary(approval),
        facts=(*waits, *closed_facts(approval)),
        prose=(_OPENING,),
        sections=(
            *((Section("Why not", prose=(why,)),) if why else ()),
            *quoted_section("What was found", detail if why else answer.reason),
            Section(
                "If you wrote it",
                prose=("The approval has ended; nothing is left to do for you.",)
                if ended
                else (_YOURS,),
                links=() if ended else links,
            ),
            Section("If you did not", prose=(_NOT_YOURS,)),
        ),
        reference=reference,
    )
