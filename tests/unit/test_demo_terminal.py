"""The demo's question, on a terminal of its own: what is an answer to it, and what is none."""

import asyncio
import io
import os
import pty
import termios

import pytest
from rich.console import Console

from demo.terminal import NOTHING, QUESTION, ask
from tests.waiting import until

CTRL_D = b"\x04"


class Terminal:
    """Both ends of a pseudo terminal; what is shown goes elsewhere."""

    def __init__(self, monkeypatch) -> None:
        self.keyboard, screen = pty.openpty()
        settings = termios.tcgetattr(screen)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(screen, termios.TCSANOW, settings)
        self.program = os.fdopen(screen, "r")
        self.shown = io.StringIO()
        monkeypatch.setattr("sys.stdin", self.program)

    def type(self, keys: bytes) -> None:
        os.write(self.keyboard, keys)

    def start(self) -> "asyncio.Task[str | None]":
        return asyncio.create_task(ask(Console(file=self.shown, width=200)))

    async def shows(self, text: str, times: int = 1) -> None:
        async def enough() -> bool:
            return self.shown.getvalue().count(text) >= times

        await until(enough, f"{text!r} on the screen")


@pytest.fixture
def terminal(monkeypatch):
    made = Terminal(monkeypatch)
    yield made
    made.program.close()


async def answered(asking: "asyncio.Task[str | None]") -> str | None:
    async with asyncio.timeout(10):
        return await asking


async def test_the_line_that_is_typed_is_the_answer(terminal):
    asking = terminal.start()
    await terminal.shows(QUESTION)
    terminal.type(b"REJECT, zu teuer f\xc3\xbcr uns\n")
    assert await answered(asking) == "REJECT, zu teuer für uns"


async def test_what_was_typed_before_the_question_is_no_answer(terminal):
    terminal.type(b"\nAPPROVE\nAPPR")
    asking = terminal.start()
    await terminal.shows(QUESTION)
    terminal.type(b"REJECT\n")
    assert await answered(asking) == "REJECT"


async def test_ctrl_d_sends_nothing_and_the_question_stands(terminal):
    asking = terminal.start()
    await terminal.shows(QUESTION)
    for times in (1, 2):
        terminal.type(CTRL_D)
        await terminal.shows(NOTHING, times)
    terminal.type(b"APP" + CTRL_D + b"ROVE\n")
    assert await answered(asking) == "APPROVE"


async def test_a_terminal_that_is_gone_is_not_asked_for_ever(terminal):
    asking = terminal.start()
    await terminal.shows(QUESTION)
    os.close(terminal.keyboard)
    assert await answered(asking) is None
