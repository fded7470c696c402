"""Reading takes time that grows with the text and no faster, whatever the text is made of."""

import time

import pytest

from tests.unit.incoming import message, reading

PATHOLOGICAL = [
    ("On 1 ", "x"),
    ("On 1\n", ""),
    ("From: a\n", ""),
    ("> ", "x"),
    (" ", "x"),
    ("\xa0", "x"),
    ("-", "x"),
    ("- ", "x"),
    ("_", "x"),
    ("Sent from my iPhone ", "!"),
    ("this e-mail ", "!"),
    ("a@", "!"),
    ("<a@b> ", ":"),
    ("schrieb ", ":"),
    ("-----\t", "x"),
    ("a'", "!"),
    ("un-", "!"),
    ("This e-mail is\n", ""),
    ("This e-mail is confidential\n", ""),
    ("This e-mail is confidential, for the addressee\n\n", ""),
    ("[EXTERNAL]\n", ""),
    ("CAUTION: an external sender\n", ""),
    ("Regards\n", ""),
    ("Thanks\n\n", "x"),
    ("--\n", "x"),
    ("tom@example.com wrote:\n", "x"),
    ("tom@example.com wrote:\n> x\n", "x"),
    ("| x\n", ""),
    ("Sent from iPhone for Outlook, ", "!"),
    ("https://", "!"),
    ("https://!", "?"),
    ("1 ", "!"),
    ("1,", "!"),
    ("1, a b ", "<"),
    ("EUR ", "x"),
    ("as long ", "x"),
    ("virus ", "!"),
    ("\n", "x"),
    (" \n", "x"),
    ("a@b.de 1.1.2026 10:00\n", ""),
    ("On 1.1.2026 10:00 <\n", ":"),
    ("1.1.2026 a@b.de wrote", "x"),
    ("x:\n", ""),
    (" wrote\n", ""),
    ("---x---\n", ""),
    ("--- a ---\nFrom: a\n", ""),
    (">>> a ", "b"),
    (">>> a >>>\n", ""),
    ("A> ", "x"),
    ("\tx\n", ""),
    ("┆ x\n", ""),
    ("Risk: x\n", ""),
    ("Reply to this mail. The first line decides: ", "x"),
    ("write the one word there and the action runs\n", ""),
    ("2026 1 ", "x"),
    ("\u200e", "x"),
    ("-Ann\n", ""),
    ("To\nSubject\n1.1.2026\n", ""),
    ("承", "認"),
    ("7c" * 20 + "\n", ""),
    ("AR-7K2M9QXD4T\n", ""),
]


@pytest.mark.parametrize(("piece", "end"), PATHOLOGICAL)
@pytest.mark.parametrize("first", ["", "APPROVE\n"])
def test_time_grows_with_the_text_and_no_faster(piece, end, first):
    """Eight times the text, at most 32 times as long; what is quadratic takes 64 times."""

    def seconds(count: int) -> float:
        raw = message(first + piece * count + end)
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            reading(raw)
            best = min(best, time.process_time() - start)
        return best

    small = 6_000 // len(piece)
    assert seconds(8 * small) < 8 * 4 * seconds(small) + 0.05
