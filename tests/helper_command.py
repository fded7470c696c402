"""A command that prints a secret, as a test wants it, and remembers how often it was run."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any


class HelperCommand:
    """`command` is what a setting holds; the shell runs it."""

    def __init__(self, directory: Path) -> None:
        self._answers = directory / "answers"
        self._answers.mkdir()
        self._runs = directory / "runs"
        self._runs.touch()
        # The answer of this run, or else the last one.
        self.command = (
            f"cd '{self._answers}'; echo >> '{self._runs}'; "
            f"n=$(wc -l < '{self._runs}'); [ -e $n ] || n=last; cat $n"
        )

    @property
    def runs(self) -> int:
        return self._runs.read_text().count("\n")

    def prints(self, *answers: str) -> None:
        """From its next run on, one after the other; the last for ever."""
        for number, answer in enumerate(answers, self.runs + 1):
            (self._answers / str(number)).write_text(answer)
        (self._answers / "last").write_text(answers[-1])


def jwt(key: bytes, claims: dict[str, Any]) -> str:
    """An access token as many servers give them out (RFC 7519, HS256)."""
    head = {"alg": "HS256", "typ": "JWT"}
    signed = b".".join(_base64url(json.dumps(part).encode()) for part in (head, claims))
    signature = hmac.digest(key, signed, hashlib.sha256)
    return f"{signed.decode()}.{_base64url(signature).decode()}"


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
