"""What our mail says, in English: the request, each kind of answer, the result; help and the
warning have files of their own.

The words of a decision stand here in marks that nobody types around an answer: a sentence of ours
that wraps differently at the reader's must not begin a line with one (`mail.text` says why).
"""

from mail.approval import Answer, AnswerKind, Approval
from mail.help import help_letter
from mail.letter import Letter, Link, Section
from mail.passages import closed_facts, facts, quoted_section, summary, what
from mail.text import one_line, quote, title
from mail.warning import warning_letter

_HOW_TO_ANSWER = (
    "Reply to this mail. The first sentence decides: write ‹APPROVE› and the action runs; write "
    "‹REJECT› and it does not."
)
_ABOUT_NOTES = (
    "What follows is kept as your note. After ‹APPROVE› a note must not hold a condition or a "
    "question: nobody could tell what you want, and it is not counted. Whatever is unclear is "
    "answered with help, and the action keeps waiting. No answer in time means no."
)
_OUTCOMES = {
    "approved": "This action was ‹approved›{by}. It runs now, exactly as it was asked.",
    "rejected": "This action was ‹rejected›{by}. It does not run.",
    "expired": "Not enough people answered in time. The action does not run.",
    "undeliverable": "Too few of those asked could be reached. The action does not run.",
    "withdrawn": "The approval was withdrawn. The action does not run.",
    "terminated": "An operator ended this approval before it had an outcome to tell. The action "
    "does not run.",
    "broken": "This approval broke off before it had an outcome to tell. The action does not run.",
}
_UNREAD = "The inbox could not be read at the deadline: what lay there then was not counted."
_RECORDED = {"approve": "‹APPROVE›", "reject": "‹REJECT›"}
_ADDRESS = 254
_SENTENCE = 1_000
_TITLE = 200

_Body = tuple[str, tuple[str, ...], tuple[Section, ...]]


def request_letter(
    approval: Approval, subject: str, reference: str, timezone: str, links: tuple[Link, ...]
) -> Letter:
    return Letter(
        subject=subject,
        headline="Approval needed",
        summary=summary(approval),
        risk=one_line(approval.risk, 20),
        facts=facts(approval, timezone),
        sections=(
            what(approval),
            _why(approval),
            _who(approval),
            Section(
                "How to answer",
                prose=(_HOW_TO_ANSWER,),
                links=links,
                remark=_ABOUT_NOTES,
            ),
            Section(
                "What your answer is about",
                code=one_line(approval.digest, 128),
                remark="SHA-256 of the request id, the tool's name and its arguments. Nothing "
                "else than this runs on your answer.",
            ),
        ),
        reference=reference,
    )


def answer_letter(
    approval: Approval,
    answer: Answer,
    subject: str,
    reference: str,
    timezone: str,
    links: tuple[Link, ...] = (),
) -> Letter:
    """`reference` is '' for somebody who is no approver, and cannot answer."""
    if answer.kind is AnswerKind.HELP:
        return help_letter(approval, answer, subject, reference, timezone, links)
    if answer.kind is AnswerKind.WARNING:
        return warning_letter(approval, answer, subject, reference, timezone, links)
    headline, prose, sections = {
        AnswerKind.RECEIPT: _receipt,
        AnswerKind.NEWS: _news,
        AnswerKind.LATE: _late,
        AnswerKind.UNKNOWN: _unknown,
        AnswerKind.RESOLVED: _resolved,
    }[answer.kind](answer)
    open_still = answer.kind is AnswerKind.RECEIPT and not answer.outcome
    return Letter(
        subject=subject,
        headline=headline,
        summary=summary(approval),
        facts=facts(approval, timezone) if open_still else closed_facts(approval),
        prose=prose,
        sections=sections,
        reference=reference,
    )


def result_letter(request: str, result: str, subject: str) -> Letter:
    # The model's words on some tools' output: longer than what stands in a request.
    return Letter(
        subject=subject,
        headline="The agent has finished",
        summary=title(request, _TITLE),
        sections=(
            Section("Result", quoted=quote(result, 16_000)),
            Section("What you had asked for", quoted=quote(request)),
        ),
    )


def _receipt(answer: Answer) -> _Body:
    prose = [f"Your answer was counted: {_decision(answer)}."]
    if answer.outcome:
        prose.append(_outcome(answer))
    else:
        prose.append(
            f"So far: {one_line(answer.progress, _SENTENCE) or 'more answers are needed'}."
        )
        prose.append(
            "Until the approval ends you may still change your mind and answer ‹REJECT›; the "
            "other way round is not possible."
        )
    return "Your decision was recorded", tuple(prose), quoted_section("Your note", answer.note)


def _news(answer: Answer) -> _Body:
    prose = (*_ending(answer), "Nothing is left to do for you.")
    return "This approval has ended", prose, quoted_section("Their note", answer.note)


def _late(answer: Answer) -> _Body:
    when = (
        "Your mail arrived after the deadline."
        if answer.missed_deadline
        else "Your mail was read after the approval had ended."
    )
    prose = (f"{when} It changes nothing.", *_ending(answer))
    return "Too late to count", prose, quoted_section("What was read", answer.read)


def _unknown(answer: Answer) -> _Body:
    prose = (
        "There was consent to this action, it was begun, and then it failed or its worker was "
        "lost. It may have been carried out, wholly, in part, or not at all.",
        "It is not run again by itself. Please look at the system it acts on.",
    )
    return "Nobody knows whether this ran", prose, quoted_section("What is known", answer.note)


def _resolved(answer: Answer) -> _Body:
    found = "was carried out" if answer.done else "was not carried out, and is not run again"
    prose = (
        "Of this action nobody knew whether it ran. An operator has looked, and recorded what was "
        f"found: it {found}.",
        f"Recorded by {one_line(answer.by, _SENTENCE) or 'an operator'}.",
    )
    return "What became of this action", prose, quoted_section("Their note", answer.note)


def _why(approval: Approval) -> Section:
    views = {
        True: "The model itself calls this action risky.",
        False: "The model does not call this action risky; that lowers nothing.",
        None: "The model did not say whether it finds this action risky.",
    }
    reasoning = approval.reasoning.strip()
    if not approval.request.strip() and approval.risky_action is None:
        # Another program's workflow asks: no model has had a say.
        return Section(
            "Why",
            prose=() if reasoning else ("No reason was given.",),
            quoted=quote(reasoning) if reasoning else None,
        )
    return Section(
        "Why, in the model's words",
        prose=() if reasoning else ("The model gave no reason.",),
        quoted=quote(reasoning) if reasoning else None,
        remark=views[approval.risky_action],
    )


def _who(approval: Approval) -> Section:
    asker = one_line(approval.requested_by, _ADDRESS) or "Somebody unnamed"
    request = approval.request.strip()
    words = "asked the agent, in these words:" if request else "asked the agent."
    return Section(
        "Who asked", prose=(f"{asker} {words}",), quoted=quote(request) if request else None
    )


def _decision(answer: Answer) -> str:
    return _RECORDED.get(answer.decision) or "recorded as it was given"


def _ending(answer: Answer) -> tuple[str, ...]:
    return (_outcome(answer), _UNREAD) if answer.unread else (_outcome(answer),)


def _outcome(answer: Answer) -> str:
    by = one_line(answer.by, _SENTENCE)
    sentence = _OUTCOMES.get(answer.outcome, "How it ended cannot be found out any more.")
    return sentence.format(by=f" by {by}" if by else "")
