"""`python -m mail parse`: what the reader makes of messages, one line of JSON each."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from mail.carriers import subject_code
from mail.read import read
from mail.reply import Decision, Refusal
from mail.structure import BYTES, parse
from mail.vocabulary import DEFAULT, Vocabulary, load

# One byte more than is looked at: enough to know that there was more.
_ENOUGH = BYTES + 1


class _Parser(argparse.ArgumentParser):
    """Names a fault in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    sent = _sent(Path(options.sent)) if options.sent else {}
    try:
        for name, raw in _messages(options.message):
            print(json.dumps({"file": name, **_result(raw, sent, options.vocabulary)}), flush=True)
    except BrokenPipeError:
        # Whoever read our lines has had enough; the interpreter would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m mail", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="parse")
    command = commands.add_parser("parse", help="read messages and print their decisions")
    command.add_argument("message", metavar="-|FILE|DIR", type=_existing)
    command.add_argument(
        "--sent",
        metavar="FILE|DIR",
        type=_existing,
        help="what we had sent, matched by the code in the subject or by what a reply refers to: "
        "its words are nobody's own",
    )
    command.add_argument(
        "--vocabulary",
        metavar="FILE",
        type=_vocabulary,
        default=DEFAULT,
        help="a TOML file of words to read decisions from besides the shipped ones",
    )
    return parser


def _vocabulary(text: str) -> Vocabulary:
    try:
        return load(Path(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _existing(text: str) -> str:
    if text != "-" and not Path(text).exists():
        raise argparse.ArgumentTypeError(f"no such file or directory: {text}")
    return text


def _messages(where: str) -> Iterator[tuple[str, bytes | OSError]]:
    if where == "-":
        yield "-", sys.stdin.buffer.read(_ENOUGH)
        return
    for path in _files(Path(where)):
        yield os.fsencode(path.name).decode(errors="replace"), _bytes(path)


def _files(where: Path) -> list[Path]:
    return sorted(where.glob("*.eml")) if where.is_dir() else [where]


def _bytes(path: Path) -> bytes | OSError:
    try:
        with path.open("rb") as file:
            return file.read(_ENOUGH)
    except OSError as error:
        return error


def _sent(where: Path) -> dict[str, list[bytes]]:
    """By code and Message-ID: an approval has sent several messages, to several people."""
    sent: dict[str, list[bytes]] = {}
    for raw in map(_bytes, _files(where)):
        if isinstance(raw, bytes):
            for name in _names(raw, "message-id"):
                sent.setdefault(name, []).append(raw)
    return sent


def _names(raw: bytes, *fields: str) -> list[str]:
    """The code in the subject, and the Message-IDs in these header fields."""
    message = parse(raw)
    ids = [name for field in fields for value in message.get_all(field) for name in value.split()]
    code = subject_code(message.text("subject"))
    return [code, *ids] if code else ids


def _result(
    raw: bytes | OSError, sent: dict[str, list[bytes]], vocabulary: Vocabulary
) -> dict[str, str]:
    if isinstance(raw, OSError):
        return _unreadable(f"unreadable: {raw.strerror}")
    reply = read(raw, vocabulary=vocabulary)
    if isinstance(reply, Refusal):
        return _unreadable(reply.reason)
    names = _names(raw, "in-reply-to", "references") if sent else []
    ours = dict.fromkeys(message for name in names for message in sent.get(name, ()))
    if ours:
        reply = read(raw, tuple(ours), vocabulary)
        if isinstance(reply, Refusal):
            return _unreadable(reply.reason)
    return {"decision": reply.decision, "note": reply.note, "reason": reply.reason}


def _unreadable(reason: str) -> dict[str, str]:
    return {"decision": Decision.UNCLEAR, "note": "", "reason": reason}


if __name__ == "__main__":
    sys.exit(main())
