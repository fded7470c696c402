"""How findings look: on terminals narrow and wide, in colours and without, and to programs."""

import io
import json
import re
from dataclasses import replace

import pytest
from rich.console import Console

from agent.doctor.finding import failed, note, ok, skipped, warning
from agent.doctor.show import Document, Screen

FINDINGS = [
    ok("smtp", "smtp.example.com:587 (starttls) lets agent@example.com in"),
    warning("idle", "the server offers IDLE, and told of nothing", "ask the host about it"),
    failed(
        "plus-address", "mail to agent+x@example.com: it did not arrive", "MAIL_PLUS_ADDRESS=off"
    ),
    note("own-signature", "none of example.com", "have one of them try"),
]
SECRET = "open sesame"


@pytest.fixture(autouse=True)
def usual(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def shown(findings=FINDINGS, *, terminal: bool = True, columns: int = 80) -> str:
    """As it is written."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=columns, highlight=False)
    tell(Screen(masked, console), findings)
    return file.getvalue()


def masked(text: str) -> str:
    return text.replace(SECRET, "<secret>")


def tell(screen: Screen | Document, findings) -> None:
    screen.begin("Mail")
    for finding in findings:
        screen.found(finding)
    screen.end(findings)


def lines(written: str) -> list[str]:
    bare = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
    return [line.rpartition("\r")[2].rstrip() for line in bare.splitlines()]


@pytest.mark.parametrize("columns", [80, 120])
def test_nothing_is_wider_than_the_terminal_and_nothing_is_lost(columns):
    found = lines(shown(columns=columns))
    assert max(map(len, found)) <= columns
    words = " ".join(" ".join(found).replace("│", " ").split())
    for finding in FINDINGS:
        assert all(word in words for word in f"{finding.detail} {finding.advice}".split())
    text = "\n".join(found)
    assert text.index("What to do") < text.index("MAIL_PLUS_ADDRESS=off") < text.rindex("ask the")
    assert "1 fine, 1 to look at, 1 failed, 1 for information" in text


def test_a_terminal_has_colours_unless_they_are_not_wanted(monkeypatch):
    assert re.search(r"\x1b\[[0-9;]*3[12]m *✗", shown())
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shown()
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", plain)
    assert "✗" in plain


def test_without_a_terminal_a_finding_is_one_line_and_its_advice_the_next():
    text = shown(terminal=False, columns=40)
    found = text.splitlines()
    assert found[:2] == ["Mail", f"  ✓ smtp: {FINDINGS[0].detail}"]
    place = found.index(f"  ✗ plus-address: {FINDINGS[2].detail}")
    assert found[place + 1].strip() == "MAIL_PLUS_ADDRESS=off"
    assert "\x1b" not in text


def test_an_encoding_without_the_marks_gets_others():
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    findings = [ok("smtp", "fine"), failed("imap", "not", "mend it")]
    tell(Screen(masked, Console(file=file)), findings)
    assert raw.getvalue().decode().splitlines()[1:3] == ["  + smtp: fine", "  X imap: not"]


def test_what_a_server_says_drives_no_terminal_and_shows_no_secret():
    text = shown([failed("smtp", f"550 \x1b[5m{SECRET}\x07 [bold]x[/bold]", f"not {SECRET}")])
    assert SECRET not in text and "\x07" not in text and "\x1b[5m" not in text
    assert "[bold]x[/bold]" in "\n".join(lines(text))


def test_a_time_is_shown_where_there_is_one_to_tell():
    text = shown([replace(ok("smtp", "fine"), seconds=s) for s in (0.01, 1.25)], terminal=False)
    assert text.splitlines()[1:3] == ["  ✓ smtp: fine", "  ✓ smtp: fine (1.2 s)"]


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_not_checked_for_one_reason_is_one_line(terminal):
    names = ["imap", "imap-tls", "folders"]
    found = [*(skipped(name, "first mend IMAP_HOST") for name in names), skipped("probe", "why")]
    text = " ".join(" ".join(lines(shown(found, terminal=terminal))).split())
    assert "imap, imap-tls, folders: first mend IMAP_HOST" in text
    assert "probe: why" in text and text.endswith("4 not checked; 0 s")


def test_checks_with_the_same_advice_stand_together():
    text = "\n".join(lines(shown([failed(name, "no", "start it") for name in ("a", "b")])))
    assert text.count("start it") == 1


def test_programs_are_shown_no_secret_either(capsys):
    tell(Document(masked), [failed("smtp", f"it said {SECRET}", f"not {SECRET}"), *FINDINGS])
    printed = capsys.readouterr().out
    assert SECRET not in printed
    rows = json.loads(printed)
    assert (rows[0]["detail"], rows[0]["advice"]) == ("it said <secret>", "not <secret>")
    assert rows[1:] == [finding.as_json() for finding in FINDINGS]
