"""The corpus: replies as people, programs and servers write them, each with what it must give.

`tests/data/replies/<kind>/` holds messages and a `manifest.jsonl`, a line a message: `file`,
`decision`, `why`, and where they matter `note`, `reason` (a piece of it), `language`, `client`,
`unreached` (addresses), `status` (RFC 3463) and `permanent` of a delivery report, `sent` (a file
beside it: what we had sent). Each bug that was found in the reader adds one.
"""

import json
from pathlib import Path

import pytest

from mail.read import read
from mail.reply import Reply

_REPLIES = Path(__file__).parents[1] / "data" / "replies"
_EXPECTED = [
    {**json.loads(line), "folder": manifest.parent}
    for manifest in sorted(_REPLIES.glob("*/manifest.jsonl"))
    for line in manifest.read_text(encoding="utf-8").splitlines()
]


def _name(expected: dict) -> str:
    return f"{expected['folder'].name}/{expected['file']}"


@pytest.mark.parametrize("expected", _EXPECTED, ids=_name)
def test_a_reply_of_the_corpus_is_read_as_its_manifest_says(expected):
    folder = expected["folder"]
    sent = (folder / expected["sent"]).read_bytes() if "sent" in expected else None

    reply = read((folder / expected["file"]).read_bytes(), sent)

    assert isinstance(reply, Reply), reply
    assert reply.decision == expected["decision"], reply.reason
    assert reply.reason
    assert expected.get("reason", "") in reply.reason
    for name in ("note", "status", "permanent"):
        assert getattr(reply, name, None) == expected.get(name, getattr(reply, name, None))
    assert sorted(expected.get("unreached", reply.unreached)) == sorted(reply.unreached)


def test_every_message_of_the_corpus_has_one_line_in_a_manifest():
    listed = sorted(_name(expected) for expected in _EXPECTED)
    sent = {f"{e['folder'].name}/{e['sent']}" for e in _EXPECTED if "sent" in e}
    there = {f"{path.parent.name}/{path.name}" for path in _REPLIES.glob("*/*.eml")}

    assert len(set(listed)) == len(listed)
    assert set(listed) | sent == there
