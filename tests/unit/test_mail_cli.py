"""`python -m mail parse` as its users call it."""

import json
import subprocess
import sys

import pytest

from tests.unit.incoming import message


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mail", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)


def rows(*arguments: object, stdin: bytes = b"") -> list[dict[str, str]]:
    done = run(*arguments, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_message_on_standard_input():
    assert rows("parse", "-", stdin=message("REJECT too expensive – ünd more")) == [
        {
            "file": "-",
            "decision": "reject",
            "note": "too expensive – ünd more",
            "reason": "REJECT too expensive – ünd more",
        }
    ]


def test_a_file_is_named_by_its_base_name(tmp_path):
    path = tmp_path / "one.txt"
    path.write_bytes(message("APPROVE"))
    assert [(row["file"], row["decision"]) for row in rows("parse", path)] == [
        ("one.txt", "approve")
    ]


def test_a_directory_is_its_eml_files_in_order(tmp_path):
    (tmp_path / "b.eml").write_bytes(message("Hm."))
    (tmp_path / "a.eml").write_bytes(message("APPROVE", Auto_Submitted="auto-replied"))
    (tmp_path / "c.eml").write_bytes(message("x", From="MAILER-DAEMON@example.com"))
    (tmp_path / "notes.txt").write_bytes(b"x")
    found = rows("parse", tmp_path)
    assert [row["file"] for row in found] == ["a.eml", "b.eml", "c.eml"]
    assert [row["decision"] for row in found] == ["auto", "unclear", "bounce"]


def test_what_cannot_be_read_is_unclear(tmp_path):
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "folder.eml").mkdir()
    found = rows("parse", tmp_path)
    assert [row["decision"] for row in found] == ["unclear", "unclear"]
    assert all(row["reason"].startswith("unreadable: ") for row in found)
    assert all(set(row) == {"file", "decision", "note", "reason"} for row in found)


@pytest.mark.parametrize("folder", [False, True])
def test_what_we_had_sent_is_matched_by_the_code_in_the_subject(tmp_path, folder):
    sent = tmp_path / "sent.eml"
    sent.write_bytes(message("Answer with\nREJECT as you do not want it"))
    reply = message("REJECT as you do not want it")
    other = message("REJECT as you do not want it", Subject="Re: x [AR-0000000000]")
    where = tmp_path if folder else sent
    assert rows("parse", "-", "--sent", where, stdin=reply)[0]["decision"] == "unclear"
    assert rows("parse", "-", "--sent", where, stdin=other)[0]["decision"] == "reject"


def test_a_reply_may_quote_any_of_the_messages_of_its_approval(tmp_path):
    for name, body in (("a", "REJECT as you do not want it"), ("b", "Your answer is unclear")):
        (tmp_path / f"{name}.eml").write_bytes(message(body))
    reply = message("REJECT as you do not want it")
    assert rows("parse", "-", "--sent", tmp_path, stdin=reply)[0]["decision"] == "unclear"


def test_a_reader_that_has_had_enough_is_no_error(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.eml").write_bytes(message("APPROVE"))
    command = f"{sys.executable} -m mail parse {tmp_path} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("read", "-"),
        ("parse",),
        ("parse", "no-such-file.eml"),
        ("parse", "-", "--sent", "nowhere"),
        ("parse", "-", "--colour"),
        ("parse", "-", "-"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_of_ones_own_adds_words(tmp_path):
    words = tmp_path / "words.toml"
    words.write_text('approve = ["lgtm"]')
    plain, own = (
        rows("parse", "-", *more, stdin=message("LGTM"))[0]["decision"]
        for more in ((), ("--vocabulary", words))
    )
    assert (plain, own) == ("unclear", "approve")


def test_a_fault_of_such_a_file_is_one_line(tmp_path):
    words = tmp_path / "words.toml"
    words.write_text('aprove = ["lgtm"]')
    done = run("parse", "-", "--vocabulary", words, stdin=message("LGTM"))
    assert done.returncode == 2 and done.stdout == b""
    assert b"no such key: aprove" in done.stderr and done.stderr.count(b"\n") == 1
