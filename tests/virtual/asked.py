"""One approval of a virtual-time test: what can happen to it, and what it has recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from temporalio.client import WorkflowHandle

from agent.canonical import action_digest
from agent.models import ApprovalDecision, NoticeKind, ReplyNotice
from mail.identity import approver_claim, digest_claim
from tests.waiting import until

REFUND = {"order_id": 1042, "amount": "120.00", "currency": "EUR"}


class Clock(Protocol):
    async def now(self) -> datetime: ...


@dataclass
class Asked:
    """One approval of a test, and what can happen to it."""

    world: Clock
    request_id: str
    handle: WorkflowHandle[Any, Any]
    sent: int = 0
    last_uid: int = 0

    def _next_uid(self) -> int:
        self.last_uid += 1
        return self.last_uid

    async def asked(self, count: int = 1) -> None:
        """Wait until so many request mails are sent or refused, on record. The test server,
        unlike the real one, cannot cancel an activity that has just completed: none may be
        under way when the outcome comes."""

        async def on_record() -> bool:
            sent = await self.events("mail_sent") + await self.events("mail_refused")
            return len(sent) >= count

        await until(on_record, f"{count} mails of {self.request_id}")

    async def vote(
        self,
        approver: str,
        approved: bool,
        *,
        at: datetime | None = None,
        note: str | None = None,
        message_id: str | None = None,
        claim: str | None = None,
        signed_at: datetime | None = None,
        addresses: tuple[str, ...] = (),
        request_id: str | None = None,
        content: str | None = None,
    ) -> None:
        self.sent += 1
        digest = action_digest(self.request_id, "refund_order", REFUND)
        decision = ApprovalDecision(
            request_id=request_id or self.request_id,
            approved=approved,
            reviewer_notes=note,
            approver=approver,
            received_at=at or await self.world.now(),
            uid=self._next_uid(),
            message_id=message_id or f"m{self.sent}@{approver}",
            content_hash=content or message_id or f"h{self.sent}{approver}",
            claim=digest_claim(digest) if claim is None else claim,
            signed_at=signed_at,
            addresses=addresses,
        )
        await self.handle.signal("approval_decision", decision)

    async def operator(self, approved: bool, request_id: str | None = None) -> None:
        decision = {
            "request_id": request_id or self.request_id,
            "approved": approved,
            "reviewer_notes": "by hand",
            "decided_at": "today",
        }
        await self.handle.signal("approval_decision", decision)

    async def bounce(self, approver: str, *, permanent: bool, **fields: Any) -> None:
        self.sent += 1
        claim = approver_claim(approver)
        more = {"claim": claim, "permanent": permanent, "reason": "delivery report", **fields}
        await self.notice("", -self.sent, NoticeKind.BOUNCE, **more)

    async def notice(
        self, approver: str, number: int, kind: NoticeKind, at: datetime | None = None, **more: Any
    ) -> None:
        digest = action_digest(self.request_id, "refund_order", REFUND)
        notice = ReplyNotice(
            request_id=self.request_id,
            kind=kind,
            approver=approver,
            reason="a question",
            # As every message's: timed when it is handled, it may come after a vote sent later.
            received_at=at or await self.world.now(),
            uid=self._next_uid(),
            message_id=f"n{number}",
            claim=digest_claim(digest),
            absence=kind is NoticeKind.AUTO,
        )
        await self.handle.signal("reply_received", notice.model_copy(update=more))

    async def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        found, after = [], 0
        while after is not None:
            page = await self.handle.query("audit_trail", after)
            found += page["events"]
            after = page["next"]
        return [event for event in found if kind in (None, event["kind"])]
