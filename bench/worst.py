"""The worst messages, each read by a process of its own: `python -m bench.worst FILE` prints the
seconds, and by how many MB the process grew above idle, the bytes of the message included."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from bench.process import MB, memory
from mail.read import read

LIMIT_SECONDS = 1.0
LIMIT_MB = 100.0
_SIZE = 25 * MB
_ROUNDS = 3
_HEAD = b"From: a@bench.test\r\nTo: agent@bench.test\r\nSubject: Re: x\r\n"


@dataclass(frozen=True, slots=True)
class Worst:
    name: str
    seconds: float
    grown_mb: float


def worst(directory: Path, progress: Progress) -> list[Worst]:
    """Every one of them, the slowest first."""
    found = []
    task = progress.add_task("the worst messages", total=len(_MESSAGES))
    for name, make in _MESSAGES.items():
        path = directory / "worst.eml"
        path.write_bytes(make())
        command = [sys.executable, "-m", "bench.worst", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, cwd=_ROOT)
        found.append(Worst(name, **json.loads(done.stdout)))
        progress.advance(task)
    return sorted(found, key=lambda one: -one.seconds)


def _text(body: bytes, content_type: str = "text/plain", more: str = "") -> bytes:
    return _HEAD + f"Content-Type: {content_type}; charset=utf-8\r\n{more}\r\n".encode() + body


def _page(body: str, style: str = "") -> bytes:
    return _text(f"<style>{style}</style><body>{body}</body>".encode(), "text/html")


def _filled(line: bytes) -> bytes:
    return line * (_SIZE // len(line))


def _parts(count: int, part: bytes) -> bytes:
    body = (b"--b\r\nContent-Type: text/html\r\n\r\n" + part + b"\r\n") * count
    return _text(body + b"--b--\r\n", 'multipart/mixed; boundary="b"')


def _nested(depth: int) -> bytes:
    parts = (
        f'--{n}\r\nContent-Type: multipart/mixed; boundary="{n + 1}"\r\n\r\n'.encode()
        for n in range(depth)
    )
    return _text(b"".join(parts), 'multipart/mixed; boundary="0"')


def _rules(count: int, rule: str) -> str:
    return "".join(rule.replace("%", f"{number:06x}") for number in range(count))


_MESSAGES: dict[str, Callable[[], bytes]] = {
    "25 MB of lines": lambda: _text(_filled(b"a line of nobody's words, and many more\r\n")),
    "25 MB of quote": lambda: _text(b"APPROVE\r\n" + _filled(b"> x\r\n")),
    "25 MB of header lines": lambda: _text(_filled(b"From: a\r\n")),
    "25 MB of attributions": lambda: _text(_filled(b"On 1 May, tom@example.com wrote:\r\n")),
    "25 MB of base64": lambda: _text(_filled(b"QUFB" * 19 + b"\r\n"), more=_BASE64),
    "25 MB of header fields": lambda: _HEAD + _filled(b"X-A: b\r\n"),
    "25 MB of one header field": lambda: _HEAD + b"References:" + _filled(b" <a@b.test>\r\n"),
    "10,000 parts": lambda: _parts(10_000, b"<p>x"),
    "100 parts of 10 kB of HTML": lambda: _parts(100, b"<p style='color:red'>x" * 450),
    "10,000 parts in one another": lambda: _nested(10_000),
    "HTML: 50,000 nested elements": lambda: _page("<div>" * 50_000),
    "HTML: 400 in one another, 600 times": lambda: _page(
        ("<div>" * 390 + "x" + "</div>" * 390) * 58
    ),
    "HTML: formats opened anew": lambda: _page("<b>" * 390 + "<p>x" * 50_000),
    # As many as may be opened again, all different: of equal ones HTML opens three.
    "HTML: 10,000 formats opened again": lambda: _page(
        "<p>" + _rules(97, "<b id=%>") + "<p>x" * 95
    ),
    "HTML: formats opened again in 100 parts": lambda: _parts(
        100, ("<p>" + _rules(49, "<b id=%>") + "<p>x" * 49).encode()
    ),
    "HTML: 30,000 elements with a style": lambda: _page("<p style=color:red;opacity:1>x" * 30_000),
    "HTML: as many styles as elements": lambda: _page(
        "".join(f"<p style='color:#{n:06x};margin:{n}px'>x" for n in range(9_000))
    ),
    "HTML: one style of 250 kB": lambda: _page(f"<p style='{'margin:1px;' * 23_000}'>x"),
    "HTML: 300 rules for everything": lambda: _page(
        "<p>x" * 30_000, _rules(300, "p{color:#%;background:#%}")
    ),
    "HTML: 290 rules for everything, and 14,000 kinds of it": lambda: _page(
        "".join(f"<x{n:x}>x</x{n:x}>" for n in range(14_000)),
        "".join(f"*{{font-size:{n}px}}" for n in range(290)),
    ),
    "HTML: nested blocks of style": lambda: _page("x", "@media a{" * 15_000),
    "HTML: 60,000 attributes": lambda: _page(
        "<p " + " ".join(f"{number:x}" for number in range(60_000)) + ">x"
    ),
    "HTML: 2,000 attributes, 30 times": lambda: _page(
        ("<p " + " ".join(f"{number:x}" for number in range(1_990)) + ">x") * 30
    ),
    "HTML: classes without end": lambda: _page("<p class='a b c d e f g h'>x" * 10_000),
    "HTML: unclosed tables": lambda: _page("<table><td>x" * 20_000),
    "HTML: blockquotes of one's own": lambda: _page("<blockquote>x</blockquote>" * 9_000),
    "HTML: blockquotes below text in 10 parts": lambda: _parts(
        10, b"<p>Thanks" * 1_400 + b"<blockquote>x</blockquote>" * 20
    ),
    "HTML: borders on top": lambda: _page(
        "<div style='border-top:solid red'>x" * 390 + "x" * 99_999
    ),
}
_BASE64 = "Content-Transfer-Encoding: base64\r\n"
_ROOT = Path(__file__).resolve().parents[1]


def _main(path: Path) -> None:
    read(_text(b"APPROVE\r\n"))
    read(_page("<p style='color:red'>x"))
    idle = memory(os.getpid())
    raw = path.read_bytes()
    times = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        read(raw)
        times.append(time.process_time() - start)
    grown = memory(os.getpid(), "VmHWM") - idle
    print(json.dumps({"seconds": min(times), "grown_mb": grown}))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
