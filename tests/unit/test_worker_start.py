"""A worker without a good secret does not start: the process itself, before it asks any server."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHOLE = {
    "PYTHONPATH": str(ROOT),
    "TEMPORAL_ADDRESS": "nowhere.invalid:1",
    "MAIL_FROM": "agent@demo.test",
    "MAIL_AUTH": "off",
    "APPROVERS": "approver@demo.test",
    "SMTP_HOST": "nowhere.invalid",
    "IMAP_HOST": "nowhere.invalid",
    "IMAP_PASSWORD": "x",
    "OPENAI_API_KEY": "x",
}
SHORT = "error: APPROVAL_SECRET: a secret has {} bytes, at least 32 are needed\n"


@pytest.mark.parametrize(
    ("options", "secret", "said"),
    [
        ((), "", "error: APPROVAL_SECRET is not set\n"),
        (("--no-inbox",), "", "error: APPROVAL_SECRET is not set\n"),
        (("--inbox-only",), "", "error: APPROVAL_SECRET is not set\n"),
        ((), ", ,", "error: APPROVAL_SECRET: no secret given\n"),
        ((), f"{'s' * 32},{'t' * 31}", SHORT.format(31)),
    ],
)
def test_a_worker_does_not_start_without_a_secret_of_32_bytes(tmp_path, options, secret, said):
    given = {"APPROVAL_SECRET": secret}
    command = [sys.executable, str(ROOT / "worker.py"), *options]
    ended = subprocess.run(
        command, cwd=tmp_path, env=WHOLE | given, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr, ended.stdout) == (2, said, "")
