"""An operator has the request of an approval mailed once more, and hears what came of it."""

import asyncio
from typing import Any

from agent.errors import ConfigurationError
from agent.jobs import ResendInput
from agent.operations import Found, events, operator_name
from mail.address import parse_address

PATIENCE_SECONDS = 20.0  # what one mail server may take to answer
_POLL_SECONDS = 0.2
_NOT_YET = "the mail server has not taken it yet; it is tried on until the deadline"


async def resend(found: Found, to: str | None) -> dict[str, Any]:
    """`accepted` if a server has taken the mail of everybody who is waited for, or of `to`;
    `people` says it of each. Raises ConfigurationError for what is no address."""
    answer: dict[str, Any] = {
        "request_id": found.request_id,
        "accepted": False,
        "reason": "",
        "people": [],
    }
    try:
        wish = ResendInput(to=None if to is None else parse_address(to), operator=operator_name())
    except ValueError as error:
        raise ConfigurationError([f"--to: {error}"]) from error
    if not found.open:
        return answer | {"reason": "the approval has ended"}
    before = len(await events(found.handle))
    await found.handle.signal("resend", wish)
    trail = (await events(found.handle))[before:]
    told = next((e for e in trail if e["kind"] in ("resend", "resend_refused")), None)
    if told is None:
        return answer | {"reason": "the approval had not been asked yet: try again"}
    if told["kind"] == "resend_refused":
        return answer | {"reason": told["detail"]}
    said = await _said(found, before, told["approvers"])
    people = [{"to": to, "accepted": not why, "detail": why} for to, why in said.items()]
    reason = "; ".join(f"{to}: {why}" for to, why in said.items() if why)
    return answer | {"accepted": not reason, "reason": reason, "people": people}


async def _said(found: Found, before: int, people: list[str]) -> dict[str, str]:
    """Of each person why no server has taken the mail, or ''."""
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        said = dict.fromkeys(people, _NOT_YET)
        for event in (await events(found.handle))[before:]:
            if event["kind"].startswith("mail_") and event["approver"] in said:
                said[event["approver"]] = _fault(event)
        if _NOT_YET not in said.values() or asyncio.get_running_loop().time() > end:
            return said
        await asyncio.sleep(_POLL_SECONDS)


def _fault(event: dict[str, Any]) -> str:
    if event["kind"] == "mail_cancelled":
        return "the approval has ended"
    return str(event["detail"]) if event["kind"] == "mail_refused" else ""
