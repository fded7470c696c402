"""Passages that several of our letters have: what will run, until when, who is asked."""

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mail.approval import Approval
from mail.letter import Row, Section
from mail.text import ARGUMENT, Quoted, domain_names, exact, one_line, quote, title, undecided

_DAY = "%a %d %b %Y"
_SUMMARY = 500
_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


def moment(at: datetime, timezone: str) -> str:
    """`Tue 24 Nov 2026, 09:00:00 CET (08:00:00 UTC)`."""
    local, utc = at.astimezone(ZoneInfo(timezone)), at.astimezone(UTC)
    shown = local.strftime(f"{_DAY}, %H:%M:%S %Z")
    if local.utcoffset() == utc.utcoffset():
        return shown
    day = "" if local.date() == utc.date() else f"{_DAY}, "
    return f"{shown} ({utc.strftime(f'{day}%H:%M:%S UTC')})"


def what(approval: Approval) -> Section:
    rows = tuple(argument(name, value) for name, value in approval.arguments)
    told = approval.description.strip()
    name = _exact_name(approval.action_type)
    tool = Quoted((name,), names=domain_names(approval.action_type))
    shown = _below(tool, quote(told)) if told and told != approval.summary.strip() else tool
    return Section(
        "What will run",
        quoted=shown,
        rows=rows,
        remark="" if rows else "It takes no arguments.",
    )


def argument(name: str, value: str) -> Row:
    """`value` is JSON text, shown to the letter."""
    # All of them, as all of the value is shown: nobody would have agreed to "and one more".
    names = domain_names(f"{name} {_ESCAPE.sub(_unescaped, value[:ARGUMENT])}", most=ARGUMENT)
    return Row(_exact_name(name), quote(value, ARGUMENT, exact, names))


def summary(approval: Approval) -> Quoted:
    line = approval.summary or approval.action_type
    told = " ".join(approval.description.split())
    cut = line.endswith("…") and told != line and told.startswith(line[:-1])
    return title(line, _SUMMARY, whole=approval.description if cut else "")


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


def _exact_name(name: str) -> str:
    """In quotes where blanks and line breaks would be lost, or a sign of ours be feigned."""
    plain = _PLAIN_NAME.fullmatch(name)
    return undecided(exact(name if plain else json.dumps(name, ensure_ascii=False)))


def _below(first: Quoted, second: Quoted) -> Quoted:
    return Quoted(
        first.lines + second.lines,
        " ".join(filter(None, (first.left_out, second.left_out))),
        tuple(dict.fromkeys(first.names + second.names)),
    )


def _unescaped(match: re.Match[str]) -> str:
    """What stands in a string of JSON; each of its line breaks and tabs ends a word."""
    code, char = match[1], match[2]
    if code:
        return chr(int(code, 16))
    return " " if char in "bfnrt" else char
