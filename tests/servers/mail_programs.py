"""Mail programs of Debian with the settings that it ships: they fetch a mail over IMAP, answer it,
and send the answer over SMTP. A pseudo-terminal and an editor stand in for screen and keyboard."""

import asyncio
import os
import pty
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from demo.letter import Letter

PATIENCE_SECONDS = 30.0


class Typed(Enum):
    """Where the words stand in the draft that the program hands to an editor: above the line that
    introduces the quote (s-nail's draft begins with header fields), or below everything."""

    ABOVE = r"""awk '/ wrote:$/ && !n++ { print ENVIRON["WORDS"] "\n" } { print }' < "$1" """
    BELOW = 'cat "$1"; printf "\\n%s\\n" "$WORDS"'


@dataclass(frozen=True, slots=True)
class Person:
    """Whose mail it is, and how their program reaches it."""

    address: str
    password: str
    imap: Mapping[str, str]
    """`IMAP_HOST`, `IMAP_PORT`, `IMAP_SECURITY` and, for TLS, `SSL_CERT_FILE`."""
    smtp: str
    """`host:port`; no login, no TLS."""
    home: Path

    @property
    def imap_server(self) -> str:
        return f"{self.imap['IMAP_HOST']}:{self.imap['IMAP_PORT']}"

    @property
    def imap_scheme(self) -> str:
        return "imaps" if self.imap["IMAP_SECURITY"] == "tls" else "imap"


class MailProgram(Protocol):
    name: str

    async def answer(
        self, person: Person, letter: Letter, words: str, typed: Typed, quoting: bool = True
    ) -> None:
        """Answer a letter that lies in the INBOX; without words the draft is sent as it is."""


class Neomutt:
    name = "neomutt"

    async def answer(
        self, person: Person, letter: Letter, words: str, typed: Typed, quoting: bool = True
    ) -> None:
        include = "y" if quoting else "n"
        keys = (
            f"<limit>~i {letter.message_id.strip('<>')}<enter><first-entry>"
            # To the Reply-To address, with this To and this Subject, and the original or not.
            f"<reply>y<enter><enter>{include}<send-message><quit>"
        )
        certificate = person.imap.get("SSL_CERT_FILE")
        trust = f'set ssl_ca_certificates_file="{certificate}"\n' if certificate else ""
        rc = person.home / "neomuttrc"
        rc.write_text(
            f'set folder="{person.imap_scheme}://{person.imap_server}/"\n'
            'set spoolfile="+INBOX"\n'
            f'set imap_user="{person.address}"\n'
            f'set imap_pass="{person.password}"\n'
            f"{trust}"
            "set ssl_starttls=no\nset ssl_force_tls=no\n"
            f'set smtp_url="smtp://{person.smtp}/"\n'
            f'set from="{person.address}"\n'
            f'set editor="{_editor(person, words, typed)}"\n'
            f'push "{keys}"\n'
        )
        await _on_a_terminal(["neomutt", "-F", str(rc)], person, words)


class SNail:
    """It appends what is typed to the quote; whoever wants it above calls the editor (`~e`)."""

    name = "s-nail"

    async def answer(
        self, person: Person, letter: Letter, words: str, typed: Typed, quoting: bool = True
    ) -> None:
        user = quote(person.address, safe="")
        inbox = f"{person.imap_scheme}://{user}:{person.password}@{person.imap_server}/INBOX"
        options = [
            "v15-compat",
            f"from={person.address}",
            f"mta=smtp://{person.smtp}",
            "smtp-auth=none",
            "tls-verify=strict",
            f"tls-ca-file={person.imap.get('SSL_CERT_FILE', '')}",
            f"EDITOR={_editor(person, words, typed)}",
            *([] if quoting else ["noquote"]),
        ]
        body = f"{words}\n" if typed is Typed.BELOW else "~e\n"
        found = f'(header message-id "{letter.message_id}")'
        typed_in = f"reply '{found}'\n{body}~.\nquit\n"
        command = ["s-nail", "-#", *(f"-S{option}" for option in options), "-f", inbox]
        await _from_a_pipe(command, person, words, typed_in)


PROGRAMS: tuple[MailProgram, ...] = (Neomutt(), SNail())


def installed(program: MailProgram) -> bool:
    return shutil.which(program.name) is not None


def _editor(person: Person, words: str, typed: Typed) -> Path:
    """A program that types `$WORDS` into the draft, or saves the draft as it is."""
    editor = person.home / "editor"
    edit = typed.value if words else 'cat "$1"'
    editor.write_text(f'#!/bin/sh\n{{ {edit}; }} > "$1.typed" && cat "$1.typed" > "$1"\n')
    editor.chmod(0o700)
    return editor


def _environ(person: Person, words: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(person.home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "WORDS": words,
    }


async def _from_a_pipe(command: list[str], person: Person, words: str, typed_in: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=_environ(person, words),
        cwd=person.home,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, _ = await process.communicate(typed_in.encode())
    finally:
        await _ended(process)
    assert process.returncode == 0, said.decode(errors="replace")


async def _on_a_terminal(command: list[str], person: Person, words: str) -> None:
    ours, theirs = pty.openpty()
    screen = bytearray()
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            screen.extend(os.read(ours, 65_536))
        except OSError:  # Linux says so when the program has gone
            loop.remove_reader(ours)

    loop.add_reader(ours, read)
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=_environ(person, words),
            cwd=person.home,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
        finally:
            await _ended(process)
    finally:
        loop.remove_reader(ours)
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 0, screen.decode(errors="replace")


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
