"""Records `make demo` on a terminal, answers as the approver, and draws docs/demo.svg of it:
`python -m docs.render_terminal`."""

import codecs
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

from rich.ansi import AnsiDecoder

from demo.terminal import QUESTION
from docs.terminal_svg import Printed, as_svg

HERE = Path(__file__).parent
COMMAND = ["make", "demo"]
COLUMNS = 102
ANSWER = "APPROVE"
THINKING_SECONDS = 3.0
TITLE = "make demo: a refund waits until its approver has answered a mail with APPROVE, and runs"


def main() -> int:
    lines = record()
    target = HERE / "demo.svg"
    target.write_text(as_svg(lines, COLUMNS, TITLE), encoding="utf-8")
    print(target)
    return 0


def record() -> list[Printed]:
    """Every line that it prints, with when it came; what is asked is answered."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        COMMAND,
        cwd=HERE.parent,
        env={**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    begun = time.monotonic()
    pieces: list[tuple[float, str]] = [(0.0, f"$ {' '.join(COMMAND)}\n")]
    decoder = codecs.getincrementaldecoder("utf-8")()
    asked = False
    while raw := _read(ours):
        pieces.append((time.monotonic() - begun, decoder.decode(raw)))
        if not asked and any(QUESTION in printed.line.plain for printed in _lines(pieces)):
            asked = True
            time.sleep(THINKING_SECONDS)
            os.write(ours, f"{ANSWER}\n".encode())
    if code := process.wait():
        raise SystemExit(f"{' '.join(COMMAND)} ended with {code}")
    return _lines(pieces)


def _read(terminal: int) -> bytes:
    """What comes next; nothing at the end, which Linux tells as an error."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def _lines(pieces: list[tuple[float, str]]) -> list[Printed]:
    decoder = AnsiDecoder()
    lines: list[Printed] = []
    rest = ""
    for at, text in pieces:
        *whole, rest = (rest + text).replace("\r\n", "\n").split("\n")
        lines += [Printed(at, decoder.decode_line(line)) for line in whole]
    return lines


if __name__ == "__main__":
    sys.exit(main())
