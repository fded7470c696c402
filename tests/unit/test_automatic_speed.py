"""Rules for automatic mail take time that grows with the text and no faster."""

import time
from collections.abc import Callable

import pytest

from tests.unit.incoming import message, multipart, reading

PIECES = [
    "a@",
    "a@b.c ",
    "<a@b.c>\n",
    "a",
    "a.",
    "550 ",
    "5.1.1",
    "message held ",
    "your message is held ",
    "click the link ",
    "out of the office ",
    "bin bis ",
    "To: a\n b\n",
    "deliver to ",
    "user ",
    "mailbox ",
    "exceed ",
    "=" * 8 + "\n",
    "\n",
    "\n ",
    "-- \n",
    "final-recipient:rfc822;",
]


def grows_evenly(make: Callable[[int], bytes], small: int) -> bool:
    """Eight times the text, at most 32 times as long; what is quadratic takes 64 times."""

    def seconds(count: int) -> float:
        raw = make(count)
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            reading(raw)
            best = min(best, time.process_time() - start)
        return best

    return seconds(8 * small) < 8 * 4 * seconds(small) + 0.05


@pytest.mark.parametrize("piece", PIECES)
def test_a_report_in_words(piece):
    small = 6_000 // len(piece)
    assert grows_evenly(lambda n: message(piece * n, From="MAILER-DAEMON@x.test"), small)


@pytest.mark.parametrize("piece", PIECES)
def test_a_persons_mail(piece):
    assert grows_evenly(lambda n: message("Hello " + piece * n), 6_000 // len(piece))


@pytest.mark.parametrize(
    "piece",
    [
        "Final-Recipient: rfc822; a@x.test\n",
        "Action: failed\n\n",
        "a:\n",
        " \n",
        "\n\n",
        "Status: ",
    ],
)
def test_the_fields_of_a_report(piece):
    def make(count: int) -> bytes:
        status = ("message/delivery-status", piece * count)
        return multipart("report", ("text/plain", "x"), status)

    assert grows_evenly(make, 6_000 // len(piece))


@pytest.mark.parametrize("name", ["Subject", "From"])
@pytest.mark.parametrize(
    "piece", ["Re: ", "[a] ", "* ", "a@b, ", "mailer-", "your message to ", "<"]
)
def test_a_header_field(name, piece):
    assert grows_evenly(lambda n: message("x", **{name: piece * n}), 700 // len(piece))
