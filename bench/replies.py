"""Approvals by the thousand and the replies to them, with tokens made as the product makes them."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle

from agent.canonical import action_digest, request_id_from
from agent.letters import approval_of
from agent.models import Action, ApprovalRequest, Policy, Risk, Stage
from demo.letter import read_letter, write_reply
from mail.approval import Sender
from mail.compose import compose_request
from mail.identity import Keyring, reply_token

AGENT = "agent@bench.test"
VOTER = "voter@bench.test"
SILENT = "silent@bench.test"
"""Asked, too, and never answers: so an approval takes votes for as long as the bench runs."""
TOOL = "issue_refund"
_ARGUMENTS = {"order_id": "1042", "amount": "120.00"}
_CONCURRENT = 16  # more only make the server's retries of its own pile up
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Asked:
    """One approval that waits."""

    request_id: str
    token: str

    @property
    def workflow_id(self) -> str:
        return f"approval-{self.request_id}"


def request_of(request_id: str, approvers: Sequence[str]) -> ApprovalRequest:
    return ApprovalRequest(
        request_id=request_id,
        action=Action(
            action_type=TOOL,
            description="Refund 120.00 EUR for order 1042",
            arguments=_ARGUMENTS,
            reasoning="The parcel was lost, and the customer has asked twice.",
            risk=Risk.HIGH,
        ),
        timeout_seconds=86_400,
        policy=Policy(stages=(Stage(approvers=tuple(approvers), require="all"),)),
        request="Refund 120.00 EUR for order 1042",
    )


async def start_approvals(
    client: Client,
    queue: str,
    keyring: Keyring,
    count: int,
    approvers: Sequence[str] = (VOTER, SILENT),
    progress: Callable[[], None] = lambda: None,
) -> list[Asked]:
    """Start so many `ApprovalWorkflow`s, as any other workflow's worker would."""
    base = secrets.randbits(49)
    ids = [request_id_from(base + number) for number in range(count)]
    gate = asyncio.Semaphore(_CONCURRENT)

    async def start(request_id: str) -> None:
        async with gate:
            await client.start_workflow(
                "ApprovalWorkflow",
                request_of(request_id, approvers),
                id=f"approval-{request_id}",
                task_queue=queue,
            )
            progress()

    await asyncio.gather(*map(start, ids))
    return [
        Asked(request_id, reply_token(keyring, request_id, approvers[0], _digest(request_id)))
        for request_id in ids
    ]


def replies(keyring: Keyring, asked: Sequence[Asked], words: str = "APPROVE") -> Iterator[bytes]:
    """VOTER's reply to each of these, whole original quoted; no two share a Message-ID.

    One is composed and answered; in the others what names the approval is put in its place.
    """
    model = Asked("AR-0000000000", reply_token(keyring, "AR-0000000000", VOTER, _DIGEST))
    now = datetime.now(UTC)
    letter = read_letter(request_mail(keyring, model.request_id, now))
    text = write_reply(letter, VOTER, words, now)
    head, _, rest = text.partition(b"Message-ID: <")
    for one in asked:
        unique = f"Message-ID: <{next(_numbers)}-".encode()
        yield _renamed(head + unique + rest, model, one)


def request_mail(keyring: Keyring, request_id: str, now: datetime) -> bytes:
    """The mail that asks VOTER, as the product composes it."""
    request = request_of(request_id, [VOTER, SILENT])
    action = request.action.model_copy(update={"digest": _digest(request_id)})
    complete = request.model_copy(
        update={"action": action, "requested_at": now, "expires_at": now + timedelta(days=1)}
    )
    sender = Sender(AGENT, "Approval agent", plus_address=True, keyring=keyring, timezone="UTC")
    return compose_request(sender, approval_of(complete, 0), VOTER, now).raw


def signalled(client: Client, asked: Asked) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(asked.workflow_id)


def _renamed(raw: bytes, model: Asked, one: Asked) -> bytes:
    old, new = model.request_id.encode(), one.request_id.encode()
    raw = raw.replace(old, new).replace(old.lower(), new.lower())
    raw = raw.replace(model.token.encode(), one.token.encode())
    return raw.replace(_DIGEST.encode(), _digest(one.request_id).encode())


def _digest(request_id: str) -> str:
    return action_digest(request_id, TOOL, _ARGUMENTS)


_DIGEST = _digest("AR-0000000000")
