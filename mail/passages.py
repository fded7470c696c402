"""Passages that several of our letters have: what will run, until when, who is asked."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mail.approval import Approval
from mail.letter import Row, Section
from mail.text import ARGUMENT, Quoted, exact, one_line, quote

_DAY = "%a %d %b %Y"


def moment(at: datetime, timezone: str) -> str:
    """`Tue 24 Nov 2026, 09:00:00 CET (08:00:00 UTC)`."""
    local, utc = at.astimezone(ZoneInfo(timezone)), at.astimezone(UTC)
    shown = local.strftime(f"{_DAY}, %H:%M:%S %Z")
    if local.utcoffset() == utc.utcoffset():
        return shown
    day = "" if local.date() == utc.date() else f"{_DAY}, "
    return f"{shown} ({utc.strftime(f'{day}%H:%M:%S UTC')})"


def what(approval: Approval) -> Section:
    rows = tuple(
        Row(one_line(exact(name), 1_000), quote(value, ARGUMENT, exact))
        for name, value in approval.arguments
    )
    told = approval.description.strip()
    tool = one_line(approval.action_type, 200)
    words = f"{tool}\n{told}" if told and told != approval.summary.strip() else tool
    return Section(
        "What will run",
        quoted=quote(words),
        rows=rows,
        remark="" if rows else "It takes no arguments.",
    )


def summary(approval: Approval) -> Quoted:
    return quote(one_line(approval.summary or approval.action_type, 500))


def facts(approval: Approval, timezone: str) -> tuple[tuple[str, str], ...]:
    people = one_line(", ".join(approval.approvers), 2_000)
    return (
        ("Answer by", moment(approval.expires_at, timezone)),
        ("Asked at", moment(approval.requested_at, timezone)),
        ("Needed", f"{one_line(approval.require_text, 200)}: {people}"),
        *closed_facts(approval),
    )


def closed_facts(approval: Approval) -> tuple[tuple[str, str], ...]:
    return (("Request id", approval.request_id),)


def quoted_section(heading: str, text: str) -> tuple[Section, ...]:
    return (Section(heading, quoted=quote(text.strip())),) if text.strip() else ()
