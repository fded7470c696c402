"""What the end of a round must look like: every difference is a violation with its request id."""

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.models import Outcome
from tests.chaos.people import Played, Sent
from tests.chaos.post import Letterboxes, message_id_of
from tests.chaos.scripts import Kind, Manner
from tests.chaos.stage import AGENT, Stage
from tests.waiting import until

Event = dict[str, Any]
_DECIDED = (Outcome.APPROVED, Outcome.REJECTED)
# A worker that is lost as it sends is missed after 20 s; the next try may come too late.
_LATE_REQUEST_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, of which request."""

    number: int
    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval as Temporal tells it after its end."""

    request_id: str
    outcome: str
    events: list[Event]

    def kind(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["kind"] == kind]

    @property
    def over_before_asked(self) -> bool:
        """No worker was there before the deadline: then nobody is bothered at all."""
        (requested,) = self.kind("requested")
        return bool(_moment(requested["at"]) >= _moment(requested["expires_at"]))

    @property
    def decider(self) -> str | None:
        votes = self.kind("vote")
        return votes[-1]["approver"] if votes and self.outcome in _DECIDED else None


class Check:
    """Collects the violations of one request."""

    def __init__(self, stage: Stage, played: Played) -> None:
        self._stage = stage
        self._boxes: Letterboxes = stage.boxes
        self._played = played
        self.outcome = "no end"
        self.request_ids: list[str] = []
        self.violations: list[Violation] = []

    async def run(self) -> None:
        played = self._played
        if played.ended_at is None or played.failure:
            self._wrong(f"did not end well: {played.failure or 'still running'}")
            return
        approvals = await self._approvals()
        self.request_ids = [approval.request_id for approval in approvals]
        if len(approvals) != played.script.approvals:
            self._wrong(f"{len(approvals)} approvals, not {played.script.approvals}")
        for approval in approvals:
            self._check_approval(approval)
        self.outcome = approvals[-1].outcome if approvals else "auto-approved"
        self._check_result(approvals)

    def _check_approval(self, approval: Approval) -> None:
        wanted = self._played.script.outcome
        outcome = approval.outcome
        excused = outcome == Outcome.UNDELIVERABLE and self._request_was_late()
        if outcome != wanted and not (wanted == Outcome.EXPIRED and excused):
            self._wrong(f"{outcome}, not {wanted}", approval)
        self._check_votes(approval)
        self._check_effects(approval)
        for number, approver in enumerate(self._played.approvers):
            self._check_letters(approval, number, approver)

    def _check_votes(self, approval: Approval) -> None:
        people = self._played.approvers
        votes = sorted((people.index(v["approver"]), v["approved"]) for v in approval.kind("vote"))
        allowed = [sorted(votes) for votes in self._played.script.votes]
        if votes not in allowed:
            self._wrong(f"votes {votes}, not {' or '.join(map(str, allowed))}", approval)
        for kind in ("answer_failed", "answer_capped", "truncated"):
            for event in approval.kind(kind):
                self._wrong(f"{kind}: {event}", approval)

    def _check_effects(self, approval: Approval) -> None:
        done = len(_effects(self._stage, approval.request_id))
        if approval.outcome != Outcome.APPROVED:
            right = done == 0
        elif self._played.script.once:
            right = done == 1 or (done == 0 and self._unknown)
        else:
            right = done == 1
        if not right:
            self._wrong(f"{approval.outcome}, and done {done} times", approval)

    @property
    def _unknown(self) -> bool:
        return self._played.result.startswith("Action outcome unknown")

    def _check_letters(self, approval: Approval, number: int, approver: str) -> None:
        got = self._letters(approval, approver)
        sent = [s for s in self._played.sent if s.author == approver]
        counted = sum(1 for v in approval.kind("vote") if v["approver"] == approver)
        unclear = sum(1 for s in sent if s.step.manner is Manner.UNCLEAR)
        spare = max(sum(self._copies(s) for s in sent) - counted, 0)
        decided = approval.decider == approver
        heard = got[Kind.NEWS] + got[Kind.LATE] > 0
        unknown = 1 if self._unknown else 0
        if approval.over_before_asked:
            if got.total() or approval.outcome != Outcome.EXPIRED:
                self._wrong(
                    f"over before it was asked: {approver} got {got.total()} mails", approval
                )
            return
        asked = got[Kind.REQUEST]
        wrong = {
            "request": asked > 1 or (asked == 0 and not heard),
            "receipts": got[Kind.RECEIPT] != counted,
            "help": got[Kind.HELP] > unclear,
            "answers to what was unclear": got[Kind.HELP] + got[Kind.LATE] < unclear,
            "news": got[Kind.NEWS] > (0 if decided else 1),
            "word of the outcome": not decided and not heard,
            "late": got[Kind.LATE] > spare,
            "unknown": got[Kind.UNKNOWN] != unknown,
        }
        for what in (name for name, is_wrong in wrong.items() if is_wrong):
            letters = ", ".join(f"{count} {kind}" for kind, count in got.items() if count)
            self._wrong(
                f"{what}: {approver} got {letters or 'nothing'}; {counted} votes counted", approval
            )

    def _check_result(self, approvals: list[Approval]) -> None:
        played, script = self._played, self._played.script
        starts = {
            None: ("Action completed successfully (auto-approved)",),
            Outcome.APPROVED: ("Action completed successfully: ",),
            Outcome.REJECTED: ("Action rejected. Reviewer notes: ",),
            Outcome.EXPIRED: ("Action cancelled: approval request timed out",),
            Outcome.UNDELIVERABLE: ("Action cancelled: approval request could not be delivered",),
        }
        wanted: tuple[str, ...] = starts[Outcome(approvals[-1].outcome) if approvals else None]
        if script.once:
            wanted = (*wanted, "Action outcome unknown: ")
        if not played.result.startswith(wanted):
            self._wrong(f"the result is {played.result!r}")
        results = len(self._boxes.letters(played.requester, Kind.RESULT))
        if results != 1:
            self._wrong(f"the requester got {results} results")

    def _letters(self, approval: Approval, approver: str) -> Counter[Kind]:
        code = f"[{approval.request_id}]"
        return Counter(
            {
                kind: sum(code in letter.subject for letter in self._boxes.letters(approver, kind))
                for kind in Kind
            }
        )

    def _copies(self, sent: Sent) -> int:
        return self._boxes.delivered[sent.message_id] + self._boxes.uncertain[sent.message_id]

    def _request_was_late(self) -> bool:
        """Nobody was on record as asked at the deadline: right only where the mail went out shortly
        before it, or never."""
        asked_at = [
            received.at
            for approver in self._played.approvers
            for received in self._boxes.received[approver]
            if received.kind is Kind.REQUEST
        ]
        started, timeout = self._played.started_at, self._played.timeout_seconds
        limit = timeout - _LATE_REQUEST_SECONDS
        return all((at - started).total_seconds() > limit for at in asked_at)

    async def _approvals(self) -> list[Approval]:
        client = self._stage.client
        run = client.get_workflow_handle(self._played.workflow_id)
        status = await until(lambda: run.query("status"), f"the status of {run.id}")
        return [await self._approval(found["request_id"]) for found in status["approvals"]]

    async def _approval(self, request_id: str) -> Approval:
        handle = self._stage.client.get_workflow_handle(f"approval-{request_id}")
        outcome = await handle.result()
        page = await until(lambda: handle.query("audit_trail", 0), f"the trail of {request_id}")
        return Approval(request_id, outcome["outcome"], page["events"])

    def _wrong(self, text: str, approval: Approval | None = None) -> None:
        request_id = approval.request_id if approval else self._played.workflow_id
        name = self._played.script.name
        self.violations.append(Violation(self._played.number, request_id, f"{name}: {text}"))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


async def check_mailbox(stage: Stage, everything: list[Played]) -> list[Violation]:
    """Every reply is put away where it belongs, as often as it was delivered; nothing else lies
    anywhere."""
    boxes = stage.boxes
    violations = []
    found = {
        folder: Counter(map(message_id_of, await stage.post.messages(AGENT, folder)))
        for folder in ("INBOX", "Quarantine", "Unmatched", "Processed")
    }
    for played in everything:
        for sent in played.sent:
            stranger = sent.step.manner is Manner.STRANGER
            folder = "Unmatched" if stranger else "Processed"
            kept = found[folder].pop(sent.message_id, 0)
            least = boxes.delivered[sent.message_id]
            most = least + boxes.uncertain[sent.message_id]
            if not least <= kept <= most:
                text = f"{sent.message_id} is {kept} times in {folder}, was delivered {least}"
                violations.append(Violation(played.number, played.workflow_id, text))
    for folder, left in found.items():
        for message_id, count in left.items():
            violations.append(Violation(0, "", f"{message_id} is {count} times in {folder}"))
    return violations


def _effects(stage: Stage, request_id: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(stage.shop)) as shop:
        found = shop.execute("select tool from effects where request_id = ?", [request_id])
        return list(found.fetchall())
