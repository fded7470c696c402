"""The one way in: hostile bytes to a Reply, or the Refusal to have read them. Pure.

Nothing a sender writes raises: the boundary is here, `RecursionError` included.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

from mail.automatic import Automatic, find_automatic, recipients
from mail.automatic_subjects import ANSWERED, is_answered_absence
from mail.automatic_words import automatic_words
from mail.body import Body, body_of
from mail.bounce import Undelivered, undelivered
from mail.carriers import (
    SUBJECT,
    Carrier,
    Where,
    find_bounce,
    find_carriers,
    subject_code,
    without_these,
)
from mail.charsets import UNREAD
from mail.decision import Verdict, clean_note, decide_forms, shown
from mail.decoding import decode_words
from mail.identity import MARK_FIELD, MARK_LENGTH
from mail.own_words import OwnWords
from mail.quotes import OwnText, own_text
from mail.reply import Decision, Refusal, Reply
from mail.senders import senders
from mail.sent import words_of
from mail.sign_offs import names_of
from mail.structure import Message, Part, parse
from mail.vocabulary import DEFAULT, Vocabulary

_MESSAGE_ID_LENGTH = 998
_MARK_NAME = MARK_FIELD.lower()
_NOTICE_LENGTH = 200
_DASHES = "-–— \xa0\n"  # what stands above a signature
_TAG = re.compile(r"\[[^\]]{0,40}\]")  # `[EXTERNAL]`
# The same people answer again.
_names_of = lru_cache(maxsize=128)(names_of)
_NO_WORDS = OwnText(())
_DELIVERED = Undelivered()
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
        ours = (sent,) if isinstance(sent, bytes) else sent or ()
        return _reply(message, body_of(message), ours, vocabulary)
    # Whatever hostile bytes find in a parser is one message lost, never the mailbox.
    except Exception as error:
        return Refusal(f"unreadable: {type(error).__name__}")


def _reply(message: Message, body: Body, sent: Sequence[bytes], vocabulary: Vocabulary) -> Reply:
    # One value a line, so that all are searched at once.
    to = "\n".join(recipients(message))
    bounce = find_bounce(to)
    automatic = find_automatic(message, bounce is not None)
    subject = message.text("subject")
    request_id = subject_code(subject)
    if automatic:
        verdict = _of_program(automatic, body, sent)
    else:
        verdict = _verdict(message, body, sent, vocabulary, request_id or "")
        if verdict.decision is Decision.UNCLEAR:
            verdict = _unless_automatic(verdict, subject, body, sent)
    bounced = verdict.decision is Decision.BOUNCE
    report = undelivered(message, body.whole) if bounced else _DELIVERED
    written_by = message.head.values("from")
    found = _carriers(message, to, body, bounced)
    note, reason = _without_tokens(verdict, found)
    return Reply(
        decision=verdict.decision,
        note=note,
        reason=reason,
        senders=senders(written_by),
        message_id=_message_id(message.head.values("message-id")),
        content_hash=_content_hash(written_by, message.parts),
        carriers=tuple(found),
        bounce=bounce,
        request_id=request_id,
        permanent=report.permanent,
        status=report.status,
        unreached=report.addresses,
        marks=_marks(message.head.values(_MARK_NAME)),
    )


def _of_program(automatic: Automatic, body: Body, sent: Sequence[bytes]) -> Verdict:
    decision, rule = automatic
    note = "" if decision is Decision.BOUNCE else _notice(body, words_of(sent))
    return Verdict(decision, note, shown(rule))


def _verdict(
    message: Message, body: Body, sent: Sequence[bytes], vocabulary: Vocabulary, request_id: str
) -> Verdict:
    ours, names = words_of(sent), _names_of(message.head.text("from"))
    signature = body.signature.lstrip(_DASHES)
    apart = own_text(f"-- \n{signature}") if signature else _NO_WORDS
    forms = [
        _signed(own_text(text, ours, names, vocabulary.all_words), apart)
        for text in (body.plain, body.html)
        if text is not None
    ] or [_NO_WORDS]
    before = _before_ours(message.head.text("subject"))
    beside = [body.faint, *apart.lines, *apart.beside, before]
    if body.later:
        beside += _below(body.later, forms)
    around = "\n".join(beside).strip("\n")
    readings = decide_forms(forms, around, vocabulary, request_id, names)
    return _unread(body, _agreed(readings) if readings[1:] else readings[0])


def _below(later: Sequence[str], forms: Sequence[OwnText]) -> list[str]:
    """Some programs send the text once more, as HTML and no alternative of it."""
    known = {line for own in forms for line in own.lines}
    texts = map(own_text, later)
    below = (line for text in texts for line in (*text.lines, *text.beside, *text.below))
    return [line for line in below if line not in known]


def _before_ours(subject: str) -> str:
    """What somebody wrote in front of our own subject: `NOT YET - Re: Approval needed: …`"""
    before, ours, _ = subject.partition(SUBJECT)
    # A mark of answers says nothing.
    if not ours or before in ANSWERED:
        return ""
    # `Re: Automatic reply: Re:` says that an absence was answered.
    return "" if is_answered_absence(subject) else _TAG.sub(" ", before)


def _unless_automatic(verdict: Verdict, subject: str, body: Body, sent: Sequence[bytes]) -> Verdict:
    rule = automatic_words(subject, body.plain or body.html or "", verdict.note)
    return Verdict(Decision.AUTO, _notice(body, words_of(sent)), rule) if rule else verdict


def _notice(body: Body, ours: OwnWords) -> str:
    """What automatic mail says, for whoever waits for its sender."""
    texts = (own_text(text, ours).lines for text in (body.plain, body.html) if text)
    return clean_note("\n".join(next(filter(None, texts), ())))[:_NOTICE_LENGTH].rstrip()


def _signed(own: OwnText, apart: OwnText) -> OwnText:
    """With a signature that stands apart from the text: a doubt in it counts as below the text."""
    if apart is _NO_WORDS:
        return own
    below, aside = (*own.below, *apart.below), (*own.aside, *apart.aside)
    return own._replace(below=below, aside=aside)


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
    return verdict if stands else verdict._replace(decision=Decision.UNCLEAR, reason=why)


def _without_tokens(verdict: Verdict, found: Sequence[Carrier]) -> tuple[str, str]:
    """Note and reason. A note goes to the model and to other people, who could answer with what
    its writer has copied into it."""
    tokens = dict.fromkeys(carrier.token for carrier in found)
    return without_these(tokens, verdict.note), without_these(tokens, verdict.reason)


def _message_id(values: Sequence[str]) -> str:
    value = _UNPRINTED.sub("", values[0]) if values else ""
    return value.removeprefix("<").removesuffix(">")[:_MESSAGE_ID_LENGTH]


def _marks(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if len(value) == MARK_LENGTH))


def _content_hash(written_by: Sequence[str], parts: Sequence[Part]) -> str:
    # Behind each a NUL, for which the empty one stands at the end.
    ended = "\0".join([*written_by, *[part.text for part in parts], ""])
    return hashlib.sha256(ended.encode("utf-8", "surrogatepass")).hexdigest()


def _carriers(message: Message, to: str, body: Body, bounced: bool) -> list[Carrier]:
    """Once each; those of several values are looked for at once, one value a line."""
    values = [*message.head.values("in-reply-to"), *message.head.values("references")]
    ids = []
    # The two often are the same.
    for value in map(decode_words, dict.fromkeys(values)):
        ids.append(value)
        # Some programs fold inside a long id, and unfolding leaves the blank there.
        if (words := value.split())[1:]:
            ids.append("".join(words))
    found = find_carriers(to, Where.ADDRESS)
    found += find_carriers("\n".join(ids), Where.MESSAGE_ID)
    found += find_carriers(body.whole, Where.BODY)
    if bounced:
        found += find_carriers(body.returned, Where.MESSAGE_ID)
        found = list(dict.fromkeys(found))
    return found
