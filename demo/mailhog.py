"""What MailHog has caught, by version 2 of its API: newest first, every message whole.

https://github.com/mailhog/MailHog/blob/master/docs/APIv2/swagger-2.0.yaml
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from demo.letter import Letter, read_letter

TIMEOUT_SECONDS = 10.0
PAGE = 50

# MailHog stands on this machine or beside it: a proxy of the environment does not know it.
_OPENER = build_opener(ProxyHandler({}))


class MailHogError(Exception):
    """There is no MailHog, or something else answers in its place; the text is one line."""


@dataclass(frozen=True, slots=True)
class Caught:
    """A message and whom its envelope names: once for each of them."""

    recipient: str
    letter: Letter


def caught(url: str, about: str) -> Iterator[Caught]:
    """The messages that hold the text `about`, in any case, newest first. Raises MailHogError."""
    for message in _messages(url, about):
        try:
            # The bodies elsewhere in the answer are those of parts, as they were encoded.
            raw, recipients = message["Raw"]["Data"], message["Raw"]["To"]
            letter = read_letter(raw.encode())
            yield from (Caught(recipient.lower(), letter) for recipient in recipients)
        except (AttributeError, KeyError, TypeError):
            raise _other(url) from None


def _messages(url: str, about: str) -> Iterator[Any]:
    start, total = 0, 1
    # Not asked for more than there is: it answers that with the oldest message once more.
    while start < total:
        page = _get(url, {"kind": "containing", "query": about, "start": start, "limit": PAGE})
        try:
            items, total = list(page["items"]), int(page["total"])
        except (KeyError, TypeError, ValueError):
            raise _other(url) from None
        yield from items
        start += len(items) or total


def _get(url: str, query: dict[str, Any]) -> Any:
    if not url.startswith(("http://", "https://")):
        raise MailHogError(f"MAILHOG_URL: {url} is no URL, such as http://localhost:8025")
    address = f"{url.rstrip('/')}/api/v2/search?{urlencode(query)}"
    try:
        with _OPENER.open(address, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)
    except OSError as error:  # so are urllib's
        reason = getattr(error, "reason", error)
        if isinstance(error, HTTPError):
            error.close()
        raise MailHogError(
            f"MailHog at {url} gives no mail: {reason}; start it, or mend MAILHOG_URL"
        ) from None
    except ValueError:
        raise _other(url) from None


def _other(url: str) -> MailHogError:
    return MailHogError(f"what answers at {url} is no MailHog; mend MAILHOG_URL")
