"""Which mail to read first, by a few header fields alone. Pure.

It decides nothing: mail that names no approval here is read as well, only later.
"""

from mail.automatic import RECIPIENTS, is_of_server, recipients
from mail.carriers import Where, find_bounce, find_carriers, subject_code
from mail.decoding import decode_words
from mail.structure import parse

_THREAD = ("in-reply-to", "references")
FIELDS = (*RECIPIENTS, *_THREAD, "from", "subject", "content-type", "x-failed-recipients")
REPORT = "?"
"""A delivery report names what it is about in its body."""


def named_approval(head: bytes) -> str:
    """The request id that these header fields name first; '' if they name none, REPORT if the mail
    is a report."""
    message = parse(head)
    for value in recipients(message):
        if bounce := find_bounce(value):
            return bounce.request_id
        if found := find_carriers(value, Where.ADDRESS):
            return found[0].request_id
    for value in (value for name in _THREAD for value in message.get_all(name)):
        if found := find_carriers(decode_words(value), Where.MESSAGE_ID):
            return found[0].request_id
    if code := subject_code(message.text("subject")):
        return code
    report = message.content_type == "multipart/report" or is_of_server(message)
    return REPORT if report else ""
