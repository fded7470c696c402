"""What is shown is held against what is printed: loosely where it may differ, and only there."""

import pytest

from tests.docs.shape import Names, unmatched


def missing(shown: str, printed: str, names: Names | None = None) -> list[str]:
    return unmatched(shown.splitlines(), printed, names or Names())


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("02:07:05.9 agent          run started", "21:44:06.1 agent          run started"),
        ("since 2026-11-24 01:55:25, until", "since 2027-01-01 00:00:00, until"),
        ("until Thu 26 Nov 2026, 21:00:03 UTC", "until Fri 1 Jan 2027, 01:02:03 UTC"),
        ("│by:│Thu 26 Nov 2026, 21:00│", "│by:│Fri 4 Dec 2026, 07:30│"),
        ("ends in 59m 40s", "ends in 2d 23h"),
        ("25 fine, 1 to look at", "9 fine, 0 to look at"),
        ("the model … proposed", "the model itself proposed"),
        ("a  b", "a b"),
        ("✓ dns: answers", "✓ dns: answers (0.4 s)"),
        ("✓ dns: answers (1.2 s)", "✓ dns: answers"),
        ("one\nthree", "one\ntwo\nthree"),
        ("one\ntwo", "two\none"),
        ("…\nend", "begin\nend"),
        ("──────", "───────────────"),
    ],
)
def test_ids_times_numbers_and_what_comes_between_may_differ(shown, printed):
    assert missing(shown, printed) == []


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("outcome: approved", "outcome: rejected"),
        ("run started", "run started again"),
        ("one\none", "one"),
        ("AR-0000000000 waits", "AR-lower waits"),
        ("recorded", ""),
    ],
)
def test_words_may_not(shown, printed):
    assert missing(shown, printed) == [shown.splitlines()[-1]]


def test_a_name_is_the_same_on_the_whole_page():
    names = Names()
    assert missing("AR-0000000001 waits", "AR-ABCDEFGHJK waits", names) == []
    assert names.put_into("show AR-0000000001") == "show AR-ABCDEFGHJK"
    assert missing("AR-0000000001: done", "AR-ABCDEFGHJK: done", names) == []
    assert missing("AR-0000000001: done", "AR-KKKKKKKKKK: done", names)


def test_the_very_numbers_are_taken_before_others():
    names = Names()
    printed = "AR-AAAAAAAAAA cancel order 7\nAR-BBBBBBBBBB cancel order 8"
    assert missing("AR-0000000001 cancel order 8", printed, names) == []
    assert names.real == {"AR-0000000001": "AR-BBBBBBBBBB"}


def test_a_row_of_a_table_is_one_however_wide_its_columns_are():
    shown = "│ Refund 75.00 EUR for order │ approver@demo.test, │\n│ 1021 │ approver2@demo.test │"
    blank = "│ 1 │ Refund 75.00 │\n│   │ EUR          │"
    assert missing(shown, shown) == []
    assert missing("│ 1 │ Refund 75.00 EUR │", blank) == []
