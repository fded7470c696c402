"""What no log of ours may hold: the secrets that all tests use, and words of the bodies they send.

`tests.leaks` looks for them after every test, in whatever form they might have been written.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping

from mail.carriers import Where, find_carriers

APPROVAL_SECRET = "0123456789abcdef0123456789abcdef"
PASSWORD = "open-sesame-4711"
MODEL_KEY = "sk-planted-model-key-8250"
WEBHOOK_SECRET = "whsec_cGxhbnRlZC1zZWNyZXQtb2YtdGhlLXdlYmhvb2tzLTkzMTc="
TOOL_TOKEN = "planted-token-of-a-tool-6620"
ACCESS_TOKEN = "ya29.planted-access-token-6093"
SECRETS = {
    "the approval secret": APPROVAL_SECRET,
    "the mail password": PASSWORD,
    "the model's key": MODEL_KEY,
    "the webhook's secret": WEBHOOK_SECRET,
    "a tool's own token": TOOL_TOKEN,
    "the access token": ACCESS_TOKEN,
}

NOTE = "my-very-own-note"
QUESTION = "what-is-this-question"
REQUEST = "Refund 120.00 EUR"
ARGUMENT = "120.00"
BODIES = {
    "a reply's note": NOTE,
    "a reply's words": QUESTION,
    "the request's text": REQUEST,
    "a tool's argument": ARGUMENT,
}
TOKEN = "a token"


def secrets_in(text: str) -> list[str]:
    """The names of the secrets that stand in it, and whether a token does."""
    found = _named(_SECRET_FORMS, text)
    return [*found, TOKEN] if find_carriers(text, Where.BODY) else found


def planted_in(text: str) -> list[str]:
    """The same, and the names of the bodies of which there are words in it."""
    return secrets_in(text) + _named(_BODY_FORMS, text)


def _named(forms: Mapping[str, tuple[str, ...]], text: str) -> list[str]:
    folded = text.casefold()
    return [name for name, written in forms.items() if any(form in folded for form in written)]


def _forms(value: str) -> Iterator[str]:
    yield value.casefold()
    yield value.encode().hex()
    # In the midst of something longer, as a login is sent: only the letters that hang on it alone.
    for before in range(3):
        whole = b64encode(b"\0" * before + value.encode()).decode()
        yield whole[(0, 2, 3)[before] : (before + len(value.encode())) * 8 // 6].casefold()


_SECRET_FORMS = {name: tuple(_forms(value)) for name, value in SECRETS.items()}
_BODY_FORMS = {name: tuple(_forms(value)) for name, value in BODIES.items()}
