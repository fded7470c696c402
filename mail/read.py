"""The one way in: hostile bytes to a Reply, or the Refusal to have read them. Pure.

Nothing a sender writes raises: the boundary is here, `RecursionError` included.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from mail.automatic import find_automatic, recipients
from mail.automatic_subjects import is_answered_absence
from mail.automatic_words import automatic_words
from mail.body import Body, body_of
from mail.bounce import Undelivered, undelivered
from mail.carriers import SUBJECT, Carrier, Where, find_bounce, find_carriers, subject_code
from mail.charsets import UNREAD
from mail.decision import Verdict, clean_note, decide, decide_forms, shown
from mail.decoding import decode_words
from mail.own_words import OwnWords
from mail.quotes import OwnText, own_text
from mail.reply import Decision, Refusal, Reply
from mail.senders import senders
from mail.sent import words_of
from mail.sign_offs import names_of
from mail.structure import Message, parse
from mail.vocabulary import DEFAULT, Vocabulary

_MESSAGE_ID_LENGTH = 998
_NOTICE_LENGTH = 200
_DASHES = "-–— \xa0\n"  # what stands above a signature
_TAG = re.compile(r"\[[^\]]{0,40}\]")  # `[EXTERNAL]`
_UNPRINTED = re.compile(r"[^\x21-\x7e]")


def read(
    raw: bytes,
    sent: bytes | Sequence[bytes] | None = None,
    vocabulary: Vocabulary = DEFAULT,
) -> Reply | Refusal:
    """Read what a message says; `sent` is what of ours it may quote, one message or several."""
    try:
        message = parse(raw)
        if not message.head.names:
            return Refusal("unreadable: no header fields")
        return _reply(message, body_of(message), _messages(sent), vocabulary)
    # Whatever hostile bytes find in a parser is one message lost, never the mailbox.
    except Exception as error:
        return Refusal(f"unreadable: {type(error).__name__}")


def _messages(sent: bytes | Sequence[bytes] | None) -> Sequence[bytes]:
    return (sent,) if isinstance(sent, bytes) else sent or ()


def _reply(message: Message, body: Body, sent: Sequence[bytes], vocabulary: Vocabulary) -> Reply:
    verdict = _unless_automatic(_verdict(message, body, sent, vocabulary), message, body, sent)
    bounced = verdict.decision is Decision.BOUNCE
    report = undelivered(message, body.whole) if bounced else Undelivered()
    return Reply(
        decision=verdict.decision,
        note=verdict.note,
        reason=verdict.reason,
        senders=senders(message.get_all("from")),
        message_id=_message_id(message),
        content_hash=_content_hash(message),
        carriers=tuple(_carriers(message, body, bounced)),
        bounce=next(filter(None, map(find_bounce, recipients(message))), None),
        request_id=subject_code(message.text("subject")),
        permanent=report.permanent,
        status=report.status,
        unreached=report.addresses,
    )


def _verdict(
    message: Message, body: Body, sent: Sequence[bytes], vocabulary: Vocabulary
) -> Verdict:
    automatic = find_automatic(message)
    if automatic and automatic[0] is Decision.BOUNCE:
        return Verdict(Decision.BOUNCE, "", shown(automatic[1]))
    ours, names = words_of(sent), names_of(message.text("from"))
    if automatic:
        return Verdict(automatic[0], _notice(body, ours), shown(automatic[1]))
    later = [own_text(text) for text in body.later]
    signature = _signature(body.signature.lstrip(_DASHES))
    beside = [body.faint, *signature.lines, *signature.beside]
    subject = message.text("subject")
    beside += [_before_ours(subject)]
    request_id = subject_code(subject) or ""
    forms = [
        _signed(own_text(text, ours, names, vocabulary.all_words), signature)
        for text in (body.plain, body.html)
        if text is not None
    ]
    # Some programs send the text once more, as HTML and no alternative of it.
    known = {line for own in forms for line in own.lines}
    below = (line for text in later for line in (*text.lines, *text.beside, *text.below))
    beside += [line for line in below if line not in known]
    readings = decide_forms(forms, "\n".join(beside), vocabulary, request_id, names)
    return _unread(body, _agreed(readings) if readings else decide(OwnText(())))


def _before_ours(subject: str) -> str:
    """What somebody wrote in front of our own subject: `NOT YET - Re: Approval needed: …`"""
    before, ours, _ = subject.partition(SUBJECT)
    # `Re: Automatic reply: Re:` says that an absence was answered.
    return _TAG.sub(" ", before) if ours and not is_answered_absence(subject) else ""


def _unless_automatic(
    verdict: Verdict, message: Message, body: Body, sent: Sequence[bytes]
) -> Verdict:
    if verdict.decision is not Decision.UNCLEAR:
        return verdict
    text = body.plain or body.html or ""
    rule = automatic_words(message.text("subject"), text, verdict.note)
    return Verdict(Decision.AUTO, _notice(body, words_of(sent)), rule) if rule else verdict


def _notice(body: Body, ours: OwnWords) -> str:
    """What automatic mail says, for whoever waits for its sender."""
    texts = (own_text(text, ours).lines for text in (body.plain, body.html) if text)
    return clean_note("\n".join(next(filter(None, texts), ())))[:_NOTICE_LENGTH].rstrip()


def _signature(text: str) -> OwnText:
    return own_text(f"-- \n{text}") if text else OwnText(())


def _signed(own: OwnText, signature: OwnText) -> OwnText:
    """With a signature that stands apart from the text: a doubt in it counts as below the text."""
    below, aside = (*own.below, *signature.below), (*own.aside, *signature.aside)
    return replace(own, below=below, aside=aside)


def _agreed(readings: list[Verdict]) -> Verdict:
    """Of a text part and an HTML part that say different things the text part's doubt counts."""
    first, last = readings[0], readings[-1]
    if first.decision is last.decision:
        return first
    if first.decision is Decision.REJECT and last.decision is not Decision.APPROVE:
        return first
    decided = Decision.APPROVE in (first.decision, last.decision)
    reason = "its text part and its HTML part say different things"
    return Verdict(Decision.UNCLEAR, first.note, reason if decided else last.reason)


def _unread(body: Body, verdict: Verdict) -> Verdict:
    """Of words that were not all read nothing is approved."""
    why = body.sealed
    if UNREAD in verdict.note:
        why = "it holds characters that cannot be read: answer in plain text, as UTF-8"
    if body.cut and verdict.decision is Decision.APPROVE:
        why = "longer than what is read: answer without attachments, and delete the quoted text"
    stands = not why or verdict.decision is Decision.REJECT
    return verdict if stands else replace(verdict, decision=Decision.UNCLEAR, reason=why)


def _message_id(message: Message) -> str:
    value = next(iter(message.get_all("message-id")), "")
    return _UNPRINTED.sub("", value).removeprefix("<").removesuffix(">")[:_MESSAGE_ID_LENGTH]


def _content_hash(message: Message) -> str:
    texts = (*message.get_all("from"), *(part.text for part in message.parts))
    ended = "".join(f"{text}\0" for text in texts)
    return hashlib.sha256(ended.encode("utf-8", "surrogatepass")).hexdigest()


def _carriers(message: Message, body: Body, bounced: bool) -> list[Carrier]:
    """Once each; those of several values are looked for at once, one value a line."""
    names = [*message.get_all("in-reply-to"), *message.get_all("references")]
    ids = []
    for value in map(decode_words, names):
        # Some programs fold inside a long id, and unfolding leaves the blank there.
        ids += [value, "".join(value.split())]
    found = find_carriers("\n".join(recipients(message)), Where.ADDRESS)
    found += find_carriers("\n".join(dict.fromkeys(ids)), Where.MESSAGE_ID)
    found += find_carriers(body.whole, Where.BODY)
    if bounced:
        found += find_carriers(body.returned, Where.MESSAGE_ID)
        found = list(dict.fromkeys(found))
    return found
