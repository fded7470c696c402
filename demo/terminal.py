"""What a person types on the terminal: read without a thread, so that waiting can be cancelled."""

import asyncio
import os
import sys
import termios

from rich.console import Console

QUESTION = "Your reply as the approver (APPROVE, or REJECT and why), then Enter:"
NOTHING = "Nothing was sent. Type a reply whenever you have one; without one the approval expires."
_LINE_OCTETS = 4_096  # more than a terminal hands over at a time


async def ask(console: Console) -> str | None:
    """The next line that is typed after the question; None if the terminal is gone."""
    terminal = sys.stdin.fileno()
    _forget_typed(terminal)
    console.print(QUESTION)
    while (line := await _read_line(terminal)) is None:
        if not os.isatty(terminal):
            return None
        # Ctrl-D ends nothing: the approval waits on, and so do we.
        console.print(NOTHING)
    return line


def _forget_typed(terminal: int) -> None:
    """What was typed before the question is no answer to it."""
    if os.isatty(terminal):
        termios.tcflush(terminal, termios.TCIFLUSH)


async def _read_line(terminal: int) -> str | None:
    """None at the end of the input, which on a terminal is Ctrl-D on an empty line."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    typed = b""
    loop.add_reader(terminal, ready.set)
    try:
        while not typed.endswith(b"\n"):
            await ready.wait()
            ready.clear()
            piece = _read(terminal)
            if not piece:
                break
            typed += piece
    finally:
        loop.remove_reader(terminal)
    return typed.decode(errors="replace").rstrip("\r\n") if typed else None


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, _LINE_OCTETS)
    except OSError:
        return b""  # hung up
