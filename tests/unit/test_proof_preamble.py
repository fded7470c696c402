"""What programs write above the first part, where nothing signs the boundary (OpenDKIM, Proton)."""

import pytest

from mail.trust import Distrust, Trusted
from tests.signing import signed
from tests.unit.judging import HOME, judged, refused
from tests.unit.letters import REFERENCE, letter

OPENDKIM = ("date", "from", "to", "subject", "references", "in-reply-to")
PARTS = f"--b\r\n\r\nAPPROVE\r\n\r\n> {REFERENCE}\r\n--b--\r\n"


def with_parts(above: str, parts: str = PARTS) -> bytes:
    raw = letter(body=above + parts, content_type='multipart/mixed; boundary="b"')
    return signed(raw, HOME, OPENDKIM)


@pytest.mark.parametrize(
    "above",
    [
        "This is a multi-part message in MIME format.\r\n",
        "This is a multi-part message in MIME format.\r\n\r\n",
        "\r\nThis is a multipart message in MIME format.\r\n\r\n",
        "This is a cryptographically signed message in MIME format.\r\n\r\n",
        "This is an OpenPGP/MIME signed message (RFC 4880 and 3156)\r\n",
        "This is an S/MIME signed message\r\n\r\n",
        "This message is in MIME format.\r\n\r\n",
        "This message is in MIME format. Since your mail reader does not understand\r\n"
        "this format, some or all of this message may not be legible.\r\n\r\n",
        "This is a MIME-formatted message.  If you see this text it means that your\r\n"
        "E-mail software does not support MIME-formatted messages.\r\n\r\n",
    ],
)
async def test_what_programs_write_above_the_first_part_leaves_nothing_open(above):
    assert isinstance(await judged(with_parts(above)), Trusted)


@pytest.mark.parametrize(
    "above",
    [
        "No, stop this.\r\n",
        "This is a multi-part message in MIME format.\r\nNo, stop this.\r\n",
        "This is a multi-part message in MIME format. No, stop this.\r\n",
    ],
)
async def test_words_of_a_persons_above_the_first_part_are_not_taken_away(above):
    """Nobody has signed that there are parts: the words may have been all of the text."""
    await refused(with_parts(above), Distrust.UNAUTHENTICATED)


async def test_another_boundary_than_the_first_is_none_below_such_a_line_either():
    above = "This is a multi-part message in MIME format.\r\n"
    parts = "--a\r\n\r\nno\r\n" + PARTS + "--a--\r\n"
    await refused(with_parts(above, parts), Distrust.UNAUTHENTICATED)
