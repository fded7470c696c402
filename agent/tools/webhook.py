"""A tool for whatever has no tool of its own: POST of JSON to a server that the settings name.

Any existing system can be what acts: it gets the request id as `Idempotency-Key` and, with
WEBHOOK_SECRET, a signature. The only file that imports httpx2.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import httpx2
from pydantic import AfterValidator, Field

from agent.canonical import canonical_text
from agent.errors import BadArguments, ConfigurationError, OutcomeUnknown, ToolError
from agent.models import Risk
from agent.retry_after import retry_after
from agent.settings import Settings
from agent.tools.registry import ToolContext, tool
from agent.tools.signing import headers_of, keys_of
from agent.weburl import parse_url

SECONDS = (
    30.0  # for all of it: name, connection, TLS, request, and as much as is read of the answer
)
MAX_ANSWER = 64 * 1024  # octets that are read of an answer
_LONGEST_URL = 2_000
_LONGEST_FAULT = 300  # characters
# Not now, and nothing was done: RFC 9110, section 15.5.9; RFC 8470; RFC 6585.
_LATER = {408, 425, 429}
# The same request is wanted elsewhere. By 301, 302 and 303 some servers say: done, now look there.
_ELSEWHERE = {307, 308}


def make_tools(settings: Settings) -> list[Callable[..., Any]]:
    """Raises ConfigurationError without a server to call, or with a secret of another form."""
    allowed = frozenset(settings.webhook_allowed)
    if not allowed:
        raise ConfigurationError(
            ["WEBHOOK_ALLOWED is empty, but AGENT_TOOLS has agent.tools.webhook: name its servers"]
        )
    sender = Sender(_keys(settings))
    servers = ", ".join(sorted(allowed))
    Url = Annotated[
        str,
        Field(max_length=_LONGEST_URL, description=f"Where to; its server is one of: {servers}"),
        AfterValidator(partial(allowed_url, allowed)),
    ]
    Body = Annotated[
        str,
        Field(description='What to send: JSON, such as {"order": 1042}'),
        AfterValidator(canonical_body),
    ]

    # Idempotent: every try bears the same key and the same bytes, and whoever lists a server in
    # WEBHOOK_ALLOWED says that it acts once on a key. Else each lost answer would be for people.
    @tool(risk=Risk.HIGH, idempotent=True, summary=_summary)
    async def post_webhook(url: Url, body: Body, context: ToolContext) -> str:
        """Send JSON to a system by an HTTP POST, so that it acts on it; returns its answer."""
        return await sender.post(url, body, context)

    return [post_webhook]


def allowed_url(allowed: frozenset[str], text: str) -> str:
    """The URL in its one form, in which it is shown and called. Raises ValueError for any other."""
    url = parse_url(text)
    if url.origin not in allowed:
        servers = ", ".join(sorted(allowed))
        raise ValueError(f"{url.origin} is not in WEBHOOK_ALLOWED, which has {servers}")
    # The client has a reader of its own. It has to mean the same.
    if str(httpx2.URL(url.text)) != url.text:
        raise ValueError("this URL can be read in two ways")
    return url.text


def canonical_body(text: str) -> str:
    """What is shown is what is sent, to the byte. Raises ValueError unless it is JSON."""
    try:
        return canonical_text(text, "the body")
    except BadArguments as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: str
    """For people and the model: `200 OK: ` and the start of the body."""
    retry_after: float | None
    """In how many seconds the server wants to be asked again, if it says so."""


class Sender:
    """Calls servers; `keys` sign, if there are any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = keys
        # The environment may name the certificates to trust (SSL_CERT_FILE), and nothing else.
        self._trusted = httpx2.create_ssl_context()

    async def post(self, url: str, body: str, context: ToolContext) -> str:
        """Raises ToolError if the server has surely done nothing, OutcomeUnknown if it may have."""
        server = parse_url(url).origin
        try:
            answer = await self._exchange(url, body.encode(), context.request_id)
        except TimeoutError:
            raise OutcomeUnknown(f"{server} has not answered within {SECONDS:.0f} s") from None
        except httpx2.HTTPError as error:
            fault = " ".join(str(error).split())[:_LONGEST_FAULT] or type(error).__name__
            raise OutcomeUnknown(f"{server} has not answered: {fault}") from None
        if 200 <= answer.status < 300:
            return answer.said
        # After a try whose answer was lost a "no" may mean: no, for that is done already.
        if context.attempt == 1 and _is_no(answer.status):
            raise ToolError(f"{server} has refused it: {answer.said}")
        unclear = f"{server} has not said that it is done: {answer.said}"
        raise OutcomeUnknown(unclear, answer.retry_after)

    async def _exchange(self, url: str, body: bytes, key: str) -> Answer:
        deadline = asyncio.get_running_loop().time() + SECONDS
        client = httpx2.AsyncClient(
            # A proxy from the environment would be a server that nobody has listed.
            trust_env=False,
            follow_redirects=False,
            timeout=None,
            verify=self._trusted,
        )
        request = client.build_request("POST", url, content=body, headers=self._headers(key, body))
        try:
            async with asyncio.timeout_at(deadline):
                response = await client.send(request, stream=True)
            text = await _start_of(response, deadline)
            return Answer(
                response.status_code,
                f"{response.status_code} {response.reason_phrase}: {text}",
                retry_after(response.headers, datetime.now(UTC)),
            )
        finally:
            # Whatever closing fails with says nothing of what the server has done.
            with contextlib.suppress(Exception):
                async with asyncio.timeout(1):
                    await client.aclose()

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "User-Agent": "mail-approval-agent",
            # So that 64 KiB are 64 KiB.
            "Accept-Encoding": "identity",
        }
        signature = headers_of(self._keys, key, int(time.time()), body) if self._keys else {}
        return {**headers, **signature}


async def _start_of(response: httpx2.Response, deadline: float) -> str:
    """As much of the body as is read. Never raises: what has been done the status has said."""
    read = bytearray()
    left = ""
    try:
        async with (
            asyncio.timeout_at(deadline),
            contextlib.aclosing(response.aiter_raw()) as chunks,
        ):
            async for chunk in chunks:
                read += chunk
                if len(read) > MAX_ANSWER:
                    left = f"… [cut: only {MAX_ANSWER:,} bytes were read]"
                    break
    except Exception:
        left = "… [its answer broke off here]"
    return bytes(read[:MAX_ANSWER]).decode(errors="replace") + left


def _is_no(status: int) -> bool:
    return status in _ELSEWHERE or (400 <= status < 500 and status not in _LATER)


def _summary(arguments: dict[str, Any]) -> str:
    size = len(arguments["body"].encode())
    return f"POST {size:,} bytes of JSON to {arguments['url'].partition('?')[0]}"


def _keys(settings: Settings) -> list[bytes]:
    if settings.webhook_secret is None:
        return []
    try:
        return keys_of(settings.webhook_secret.get_secret_value())
    except ValueError as error:
        raise ConfigurationError([f"WEBHOOK_SECRET: {error}"]) from None
