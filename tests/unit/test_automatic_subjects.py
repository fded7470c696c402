"""Subjects that mail programs write, without any header that says so."""

import pytest

from mail import automatic_subjects as subjects
from mail import carriers
from mail.automatic_subjects import is_answered_absence, is_telling
from mail.reply import Decision
from tests.unit.incoming import SUBJECT, decided

ABSENCES = (
    "Automatic reply|AUTO: away until May|Out of office|[Auto-Reply] x|Annual leave|Autoreply"
    "|Abwesenheitsnotiz|Automatische Antwort|Réponse automatique|Absence|Respuesta automática"
    "|Autorespuesta|Resposta automática|Risposta automatica|Automatisch antwoord|Autosvar|Fravær"
    "|Frånvaro|Poissaolo|Automaattinen vastaus|Sjálfvirkt svar|Automaatne vastus"
    "|Automatyczna odpowiedź|Automatické odpovědi|Automatická odpoveď|Samodejni odgovor"
    "|Automatski odgovor|Automatikus válasz|Răspuns automat|Otomatik Yanıt|Trả lời tự động"
    "|Αυτόματη απάντηση|Автоматический ответ|Автоматична відповідь|מענה אוטומטי|رد تلقائي"
    "|ตอบกลับอัตโนมัติ|自動応答|自动回复|자동 회신"
)
RECEIPTS = (
    "Read: x|Not read: x|Gelesen: x|Lu : x|Leído: x|Accepted: x|Declined: x|Tentative: x"
    "|Zugesagt: x|Abgesagt: x|Accepté : x"
)
FAILURES = (
    "Undeliverable: x|failure notice|Delivery Status Notification (Failure)|Returned mail: x"
    "|Mail delivery failed: returning message to sender|Unzustellbar: x"
)


@pytest.mark.parametrize("subject", f"{ABSENCES}|{RECEIPTS}".split("|"))
@pytest.mark.parametrize("word", ["APPROVE", "REJECT"])
def test_an_absence_notice_or_a_receipt_decides_nothing(subject, word):
    assert decided(word, Subject=subject) is Decision.AUTO
    assert decided(word, Subject=f"{subject} {SUBJECT}") is Decision.AUTO


@pytest.mark.parametrize("subject", FAILURES.split("|"))
def test_a_report_of_failure_is_a_bounce(subject):
    assert decided("APPROVE", Subject=subject) is Decision.BOUNCE


@pytest.mark.parametrize("subject", f"{ABSENCES}|{RECEIPTS}|{FAILURES}".split("|"))
def test_an_answer_to_one_is_a_persons(subject):
    assert decided("APPROVE", Subject=f"Re: {subject}") is Decision.APPROVE


@pytest.mark.parametrize(
    "subject", ["Readiness of x", "Acceptedly: x", "Autobahn", "Absences", "Auto 12", "Leavers"]
)
def test_a_word_that_begins_alike_silences_nobody(subject):
    assert decided("APPROVE", Subject=subject) is Decision.APPROVE


OURS = f"Re: {carriers.SUBJECT}"


@pytest.mark.parametrize("subject", f"{ABSENCES}|{RECEIPTS}|{FAILURES}".split("|"))
def test_our_own_subject_tells_nothing_behind_any_mark_of_answers(subject):
    for before in subjects.ANSWERED:
        ours = f"{before}{carriers.SUBJECT}{subject}"
        assert not is_answered_absence(ours) and not is_telling(ours)


@pytest.mark.parametrize(
    "summary",
    [
        "Payment: approval required",
        "Pay (now): approval required",
        "a post from b requires approval",
    ],
)
def test_an_answer_to_a_request_is_a_persons_whatever_the_request_is_called(summary):
    assert decided("APPROVE", Subject=OURS + summary) is Decision.APPROVE


def test_what_a_program_adds_to_our_subject_tells_of_it():
    added = f"{OURS}Refund (verification required)"
    assert decided("APPROVE", Subject=added) is Decision.AUTO


def test_an_absence_that_is_answered_is_one_before_our_subject():
    assert is_answered_absence(f"Re: Automatic reply: Re: {carriers.SUBJECT}Refund")
