"""Pure: what a message seems to be, by two header fields alone, for whoever looks after a mailbox.

Nothing is decided by it, and nothing of it is to be believed.
"""

from mail.senders import senders
from mail.structure import parse

FIELDS = ("from", "subject")


def glance(head: bytes) -> tuple[str, str]:
    """Sender and subject, each on one line; a sender is '' where no one address can be read."""
    message = parse(head)
    written = senders(message.get_all("from"))
    sender = written[0] if len(written) == 1 else ""
    return sender, " ".join(message.text("subject").split())
