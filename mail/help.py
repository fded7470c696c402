"""The help letter: an approver's mail was no decision. What was read, why it does not count, how to
answer. Read on a phone, in a hurry: what to do stands before what was asked.
"""

from mail.approval import Answer, Approval
from mail.letter import Letter, Link, Section
from mail.passages import closed_facts, moment, quoted_section, summary, what
from mail.reasons import explain
from mail.text import quote

_UNCLEAR = "Your mail was read, but it does not say clearly whether you agree."
_WAITS = "The action has not run; it waits for an answer. None in time means no."
_VOIDED = (
    "You had agreed to this action before. This mail came after that and may take it back, so your "
    "earlier answer does not count any more."
)
_APPROVING = "To let it run, send the one word ‹APPROVE›."
_REJECTING = "To stop it, send the word ‹REJECT›."
_WHERE = "Reply to this mail, with the word in the first line and above what is quoted."
_NOTES = (
    "With ‹APPROVE› send no condition and no question: the action runs exactly as it was asked. "
    "If you want something else, send ‹REJECT› and below it what you want: the agent is told."
)
_LAST = (
    "This is the last mail of this kind to you: another unclear answer is recorded, but you will "
    "hear nothing."
)
_LINES, _LENGTH = 10, 600  # of what was read: enough to know it again


def help_letter(
    approval: Approval,
    answer: Answer,
    subject: str,
    reference: str,
    timezone: str,
    links: tuple[Link, ...],
) -> Letter:
    """`reference` is '' and there are no links for somebody who cannot answer."""
    why = explain(answer.reason)
    return Letter(
        subject=subject,
        headline="Your answer could not be counted: please answer again",
        summary=summary(approval),
        facts=(("Answer by", moment(approval.expires_at, timezone)), *closed_facts(approval)),
        prose=(_opening(answer),),
        sections=(
            *((Section("Why it did not count", prose=(why.sentence,)),) if why.sentence else ()),
            *quoted_section("Why it did not count", why.unknown),
            *_excerpt("What you wrote, as it was read", answer.read.strip()),
            Section(
                "How to answer",
                prose=(_APPROVING, _REJECTING, *((_LAST,) if answer.last else ())),
                links=links,
                remark=f"{_WHERE} {_NOTES}",
            ),
            what(approval),
        ),
        reference=reference,
    )


def _opening(answer: Answer) -> str:
    what = f"{_UNCLEAR} {_VOIDED}" if answer.voided else _UNCLEAR
    return f"{what} {_WAITS}"


def _excerpt(heading: str, text: str) -> tuple[Section, ...]:
    start = "\n".join(text.split("\n")[:_LINES])
    return (Section(heading, quoted=quote(text, min(len(start), _LENGTH))),) if text else ()
