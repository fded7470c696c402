"""A test that writes a secret, a token or a body fails by that alone: the hook over all tests."""

import os
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from tests.planted import ARGUMENT, NOTE, PASSWORD, planted_in, secrets_in

ROOT = Path(__file__).resolve().parents[2]
WRITING = """
import logging, subprocess, sys
import pytest
from tests.planted import *

TOKEN = "ar-7k2m9qxd4t.abcdefghijklmnopqrstuvwxyz23"
log = logging.getLogger("some.library")
reasoned = pytest.mark.shows_mail("a person reads the mail here")

def test_password(): log.debug("as %s", PASSWORD)
def test_secret(): log.debug("as %r", APPROVAL_SECRET)
def test_token(): log.info("to agent+%s@x", TOKEN)
def test_token_in_capitals(): log.info("%s", TOKEN.upper())
def test_note(): log.error("said %s", NOTE)
def test_printed(): print(MODEL_KEY)
def test_printed_as_an_error(): print(TOKEN, file=sys.stderr)
def test_printed_by_a_process(): subprocess.run(["echo", REQUEST + "x"])

def test_log_of_a_process(tmp_path):
    with (tmp_path / "worker.log").open("wb") as sink:
        subprocess.run(["echo", "the password is " + PASSWORD], stdout=sink, check=True)

@pytest.mark.parametrize("said", ["much to say of nothing" * 9, PASSWORD], ids=["1", "2"])
def test_log_begun_anew(said, tmp_path_factory):
    with (tmp_path_factory.getbasetemp() / "again.log").open("wb") as sink:
        subprocess.run(["echo", said], stdout=sink, check=True)

def test_harmless():
    log.debug("approval AR-7K2M9QXD4T asked")
    print("done")

@pytest.fixture
def late():
    yield
    log.debug(PASSWORD)

def test_late(late): pass

@reasoned
def test_shows(): print(TOKEN, NOTE)

@reasoned
def test_shows_and_logs():
    print(TOKEN)
    log.debug(TOKEN)

@reasoned
def test_shows_a_password(): print(PASSWORD)

@pytest.mark.shows_mail
def test_says_not_why(): print(NOTE)
"""
FAILURES = {
    "test_password": "the mail password (logger some.library, DEBUG)",
    "test_secret": "the approval secret (logger some.library, DEBUG)",
    "test_token": "a token (logger some.library, INFO)",
    "test_token_in_capitals": "a token (logger some.library, INFO)",
    "test_note": "a reply's note (logger some.library, ERROR)",
    "test_printed": "the model's key (Captured stdout call)",
    "test_printed_as_an_error": "a token (Captured stderr call)",
    "test_printed_by_a_process": "the request's text (Captured stdout call), "
    "a tool's argument (Captured stdout call)",
    "test_log_of_a_process": "the mail password (worker.log)",
    "test_log_begun_anew[2]": "the mail password (again.log)",
    "test_late": "the mail password (logger some.library, DEBUG)",
    "test_shows_and_logs": "a token (logger some.library, DEBUG)",
    "test_shows_a_password": "the mail password (Captured stdout call)",
    "test_says_not_why": "a reply's note (Captured stdout call)",
}
TOLD = r"^_+ (?:ERROR at teardown of )?([\w\[\]]+) _+\n(?:\[gw.*\n)?written where .*?: (.*)$"


@pytest.mark.parametrize("options", [("-p", "no:xdist"), ("-n", "2")], ids=["alone", "xdist"])
def test_what_a_test_writes_fails_it_and_is_named_and_not_repeated(tmp_path, options):
    (tmp_path / "test_writing.py").write_text(WRITING)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.leaks", str(tmp_path)]
    given = ["--rootdir", str(tmp_path), "-p", "no:cacheprovider", "--show-capture=no", *options]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run([*command, *given], cwd=ROOT, env=clean, capture_output=True, text=True)
    assert dict(re.findall(TOLD, done.stdout, re.MULTILINE)) == FAILURES
    assert "13 failed, 4 passed, 1 error" in done.stdout
    assert secrets_in(done.stdout) == []


@pytest.mark.parametrize("before", ["", "a", "ab", "\0agent@demo.test\0"])
def test_a_secret_is_known_in_whatever_form_it_is_sent(before):
    said = b64encode(f"{before}{PASSWORD}".encode()).decode()
    assert secrets_in(f"AUTH PLAIN {said}") == ["the mail password"]
    assert secrets_in(PASSWORD.upper()) == secrets_in(repr(PASSWORD)) == ["the mail password"]


def test_words_of_a_body_are_no_secret_and_known_all_the_same():
    assert secrets_in(f"{NOTE} {ARGUMENT}") == []
    assert planted_in(f"{NOTE} {ARGUMENT}") == ["a reply's note", "a tool's argument"]
