"""What is said beside an approval: it stands only where every word of that is known."""

import pytest

from mail.reply import Decision
from tests.unit.incoming import decided, message, multipart, reading
from tests.unit.notes import HARMLESS, RESTRICTING

BESIDE = ["APPROVE\n\n{}", "Approved. {}", "Approved - {}", "Approved, {}", "APPROVE\n{}\n\nThanks"]


def lines(table: str) -> list[str]:
    return table.strip().split("\n")


@pytest.mark.parametrize("note", lines(RESTRICTING))
def test_a_note_that_may_change_what_is_approved_voids_it_wherever_it_stands(note):
    assert {decided(beside.format(note)) for beside in BESIDE} == {Decision.UNCLEAR}
    assert decided(f"APPROVE\n\nBest regards\nInes\n\nPS: {note}") is Decision.UNCLEAR


@pytest.mark.parametrize("note", lines(RESTRICTING))
def test_it_changes_nothing_of_a_rejection(note):
    assert decided(f"REJECT\n\n{note}") is Decision.REJECT


@pytest.mark.parametrize("note", lines(HARMLESS))
def test_a_note_that_changes_nothing_is_kept(note):
    reply = reading(message(f"APPROVE\n\n{note}"))
    assert (reply.decision, reply.reason) == (Decision.APPROVE, "APPROVE")
    assert decided(f"Approved. {note}") is Decision.APPROVE


@pytest.mark.parametrize(
    "below",
    ["Please refund as store credit.", "I pay it myself.", "Bitte die Rechnung erneut senden."],
)
def test_who_goes_on_below_a_closing_is_read_like_in_a_note(below):
    assert decided(f"APPROVE\n\nBest regards\nInes\n\n{below}") is Decision.UNCLEAR
    assert decided(f"APPROVE\n\n-- \nInes Roth\n{below}") is Decision.UNCLEAR


@pytest.mark.parametrize("below", ["Head of Finance", "Roth Papers Ltd, 12 Mill Lane, Leeds"])
def test_what_signatures_hold_below_the_writers_name_is_no_note(below):
    raw = message(f"APPROVE\n\nInes Roth\n{below}", From="Ines Roth <ines@example.com>")
    assert reading(raw).decision is Decision.APPROVE
    assert reading(raw).note == ""


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("Approved, Ines", Decision.APPROVE),
        ("Approved -ir", Decision.APPROVE),
        ("APPROVE\n\n-Ines", Decision.APPROVE),
        ("APPROVE\n\n/Ines", Decision.APPROVE),
        ("APPROVE\n\nJohn Doe", Decision.APPROVE),
        ("APPROVE\n\nThanks\nAlex", Decision.APPROVE),
        ("APPROVE\n\nThanks\nJohn Doe\nHead of Sales", Decision.APPROVE),
        ("APPROVE\n\nTrial Run", Decision.UNCLEAR),
        ("APPROVE\n\nThanks\nFirst Order", Decision.UNCLEAR),
        ("Approved, Tom", Decision.UNCLEAR),
        ("Approved -tm", Decision.UNCLEAR),
        ("APPROVE\n\n-Testweise", Decision.UNCLEAR),
        ("APPROVE\n\nThanks\nTestweise\nInes", Decision.UNCLEAR),
    ],
)
def test_a_word_alone_is_a_name_where_it_is_the_writers(text, decision):
    assert reading(message(text, From="Ines Roth <ines@example.com>")).decision is decision


@pytest.mark.parametrize(
    ("start", "decision"),
    [
        ("Re: ", Decision.APPROVE),
        ("AW: [EXTERNAL] Re: ", Decision.APPROVE),
        ("NOT YET - Re: ", Decision.UNCLEAR),
        ("Do not send yet - Re: ", Decision.UNCLEAR),
    ],
)
def test_what_stands_in_front_of_our_subject_is_doubted(start, decision):
    subject = f"{start}Approval needed: Refund [AR-7K2M9QXD4T]"
    assert reading(message("APPROVE", Subject=subject)).decision is decision


@pytest.mark.parametrize(
    "text",
    [
        "REJECT\n\nSorry, I meant approve.",
        "Reject. Oops, I mean approve.",
        "REJECT\n\nNo wait.",
        "Reject is not an option.",
        "Rejected last week by Tom",
        "Rechazado por Dana.",
        "Abgelehnt, falls Tom nicht zustimmt.",
        "Refusé, si le montant ne change pas",
    ],
)
def test_a_rejection_that_is_taken_back_conditional_or_somebody_elses_is_none(text):
    assert decided(text) is Decision.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "REJECT. Do not approve this, the amount should be $120",
        "Rechazado por caro",
        "REJECT - wrong amount, I will approve the corrected one",
    ],
)
def test_a_rejection_with_its_reason_stays_one(text):
    assert decided(text) is Decision.REJECT


def test_thanks_for_something_else_introduce_no_approval():
    assert decided("Thanks for the summary. Approved.") is Decision.APPROVE
    assert decided("Thanks for your holiday request. Approved.") is Decision.UNCLEAR


def test_a_text_that_a_program_sends_once_more_as_html_doubts_nothing():
    both = (
        ("text/plain", "APPROVE\n\nChecked with Rosa."),
        (
            "text/html",
            "<p>APPROVE</p><p>Checked with Rosa.</p>",
        ),
    )
    assert reading(multipart("mixed", *both)).decision is Decision.APPROVE
    other = both[0], ("text/html", "<p>APPROVE</p><p>Not this one.</p>")
    assert reading(multipart("mixed", *other)).decision is Decision.UNCLEAR
