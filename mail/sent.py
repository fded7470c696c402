"""What we had sent, so that a reply can be read without the words of it."""

from collections.abc import Sequence
from functools import lru_cache

from mail.body import body_of
from mail.own_sentences import own_sentences
from mail.own_words import OwnWords
from mail.structure import parse


def words_of(sent: Sequence[bytes]) -> OwnWords:
    """Of our messages, and of the sentences that stand in all of them."""
    ours = own_sentences()
    return OwnWords([text for raw in sent for text in _texts(raw)], ours) if sent else ours


# Many people answer the same message, and one is read twice where its request is looked up.
@lru_cache(maxsize=16)
def _texts(raw: bytes) -> tuple[str, ...]:
    body = body_of(parse(raw))
    return tuple(text for text in (body.plain, body.html) if text)
