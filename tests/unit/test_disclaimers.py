"""Disclaimers below and warnings above a mail, apart from people's sentences that resemble them."""

import pytest

from mail.banners import banner
from mail.disclaimers import is_disclaimer
from mail.reply import Decision
from tests.unit.incoming import ATTRIBUTION, decided, message, quoted, reading

DISCLAIMERS = [
    "The information transmitted is intended only for the person or entity to which it is\n"
    "addressed and may contain confidential material. Any other use is not allowed.",
    "NOTICE: This e-mail may contain confidential information. If you are not the intended\n"
    "recipient, do not read it.",
    "IMPORTANT: The contents of this email and any attachments are confidential. They are\n"
    "intended for the named recipient(s) only.",
    "This electronic message contains information from Example Ltd which may be\n"
    "privileged or confidential. It is intended to be for the use of the\n"
    "individual(s) or entity named above only.",
    "Any views or opinions expressed are solely those of the author and do not necessarily\n"
    "represent those of Example Ltd.",
    "Confidential - for the intended recipient only. Do not forward.",
    "CONFIDENTIALITY NOTICE: This message is for the sole use of the intended recipient and is\n"
    "privileged. Do not copy it unless you are.",
    "If you have received this e-mail in error, please notify the sender and do not copy it.",
    "Diese Nachricht ist vertraulich. Falls Sie nicht der richtige Empfänger sind, löschen Sie\n"
    "sie bitte und geben sie nicht weiter.",
    "Ce message est confidentiel et destiné à l'usage exclusif de son destinataire. Ne pas le\n"
    "diffuser sans accord.",
    "This message has been scanned for viruses and dangerous content by MailScanner, and is\n"
    "believed to be clean.",
    "Unless expressly stated otherwise, nothing in this message constitutes an offer or an\n"
    "acceptance. Views expressed are not necessarily those of Example Ltd.",
    "この電子メールには機密情報が含まれている場合があります。誤って受信された場合は破棄してください。",
    "AVISO LEGAL: Este mensaje es confidencial y se dirige solo a su destinatario.",
    "Esta mensagem é confidencial e só pode ser lida pelo destinatário.",
    "Le informazioni contenute in questo messaggio sono riservate e destinate solo al\n"
    "destinatario.",
    "Dit bericht is vertrouwelijk en alleen voor de geadresseerde.",
]
SENTENCES = [
    "Legal: wait, they have not signed yet",
    "legal note: not cleared yet",
    "Privacy: do not run this on real customers",
    "Privileged - no",
    "Confidential - do not delete the copies",
    "Disclaimer: I have not read the contract, do not run it before Tom has",
    "IMPORTANT: Tom got the confidential invoice in error, do not pay it",
    "This message holds confidential figures: do not run it, it would disclose them",
    "This message was sent by mistake, please do not run it",
    "This email was sent by my son. Do not run it.",
    "This e-mail is not an approval, it was sent from my phone by accident",
    "This message is intended for order 1041 only, not 1042",
    "If you have received this in error, do not run it",
    "This is confidential, for the intended recipient: reject it, it may be disclosed.",
    "Diese E-Mail ist keine Freigabe, bitte nicht ausführen",
    "Ce message est destiné à la commande 1041, ne pas exécuter",
    "Dit bericht is bestemd voor order 1041, niet uitvoeren",
]
WARNINGS = [
    "You don't often get email from shop@shop.test. Learn why this is important",
    "CAUTION: This email originated from outside of the organization. Do not click links or\n"
    "open attachments unless you recognize the sender.",
    "WARNING: this is from an external sender. Do not open attachments.",
    "[EXTERNAL]",
    "EXTERNAL EMAIL",
    "Classification: Internal",
]


@pytest.mark.parametrize("text", DISCLAIMERS)
def test_a_disclaimer_decides_nothing_and_voids_nothing(text):
    reply = reading(message(f"APPROVE\n\nWell done\n{text}"))
    assert (reply.decision, reply.note) == (Decision.APPROVE, "Well done")
    assert decided(f"APPROVE\n\n-- \nInes\n\n{text}\n\n{ATTRIBUTION}\n{quoted('not')}") is (
        Decision.APPROVE
    )
    assert decided(f"{text}\n\nAPPROVE") is Decision.UNCLEAR
    assert decided(f"{text}\n\n> x\n\nREJECT") is Decision.UNCLEAR


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_that_begins_like_a_disclaimer_is_the_writers(text):
    assert not is_disclaimer(text.split("\n"))
    assert decided(f"APPROVE\n\n{text}") is Decision.UNCLEAR
    assert decided(f"APPROVE\n\nThanks\n{text}") is Decision.UNCLEAR
    assert reading(message(f"REJECT\n\n{text}")).note == text


@pytest.mark.parametrize("text", [s for s in SENTENCES if "received" not in s])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_disclaimer_below_it_hides_no_sentence(text, gap):
    assert decided(f"APPROVE\n\n{text}{gap}{DISCLAIMERS[5]}") is Decision.UNCLEAR


def test_further_paragraphs_of_a_disclaimer_void_nothing():
    more = "This e-mail was scanned for viruses, providing you with safety."
    address = "Example Ltd is registered in Exampleton, No. 1234, First Street"
    assert decided(f"APPROVE\n\n{DISCLAIMERS[0]}\n\n{more}\n\n{address}") is Decision.APPROVE
    assert decided(f"APPROVE\n\n{more}") is Decision.UNCLEAR
    for own in ("only if Tom agrees", "This message is confidential, only Tom may run it"):
        assert decided(f"APPROVE\n\n{DISCLAIMERS[0]}\n\n{own}") is Decision.UNCLEAR


def test_a_paragraph_longer_than_any_disclaimer_is_none():
    assert is_disclaimer([DISCLAIMERS[5], *["x"] * 29])
    assert not is_disclaimer([DISCLAIMERS[5], *["x"] * 30])
    assert not is_disclaimer([DISCLAIMERS[5], "x" * 4_000])


def test_only_so_many_paragraphs_are_tried():
    tried = "This message is about ticket 1042.\n\n"
    assert decided(f"APPROVE\n\n{tried * 19}{DISCLAIMERS[0]}") is Decision.APPROVE
    assert decided(f"APPROVE\n\n{tried * 20}{DISCLAIMERS[0]}") is Decision.UNCLEAR


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.REJECT])
@pytest.mark.parametrize("text", WARNINGS)
def test_a_warning_above_the_answer_is_skipped(text, decision):
    assert decided(f"\n{text}\n\n{decision.upper()}\n\nInes") is decision
    assert decided(f"{WARNINGS[3]}\n{text}\n\n{decision.upper()}") is decision


@pytest.mark.parametrize("text", WARNINGS)
def test_a_warning_is_no_answer_and_hides_none(text):
    assert decided(text) is Decision.UNCLEAR
    assert decided(f"{text} APPROVE") is Decision.UNCLEAR
    assert decided(f"{text}\n\nnot yet\n\nAPPROVE") is Decision.UNCLEAR
    assert decided(f"{text}\n\nAPPROVE\n\nnot yet") is Decision.UNCLEAR
    assert decided(f"I cannot.\n\n{text}\n\nAPPROVE") is Decision.UNCLEAR


@pytest.mark.parametrize("text", [WARNINGS[0], WARNINGS[1], WARNINGS[2]])
def test_a_warning_holds_no_decision_and_is_short(text):
    assert banner(text.split("\n"))
    assert not banner([*text.split("\n"), "APPROVE"])
    assert not banner([*text.split("\n"), "I reject it."])
    assert not banner([*text.split("\n"), *["x"] * 6])
    assert not banner([*text.split("\n"), "x" * 800])


@pytest.mark.parametrize(
    "line",
    [
        "CAUTION: not this one",
        "WARNING: the external sender wants the money, do not run it",
        "Attention: this originated from outside",
        "External: no",
        "Classification: internal only, do not run it",
    ],
)
def test_a_sentence_that_begins_like_a_warning_is_the_writers(line):
    assert decided(f"{line}\n\nAPPROVE") is Decision.UNCLEAR
    assert banner([line]) == 0


COMPANY_TEXTS = [
    "This e-mail does not constitute approval of any deal. If it is not for you, reject and delete"
    " it. It is for the intended recipient only.",
    "NOTICE: Nothing in this message is an electronic signature or approves an order.",
    "Our bank details have not changed. Never approve a change of bank details by e-mail.",
    "Este mensaje es confidencial. Queda prohibida su difusión no aprobada.",
    "Messaggio riservato: ogni uso non approvato è vietato.",
    "Dit bericht is vertrouwelijk. Zonder goedkeuring kunnen geen rechten worden ontleend.",
    "Diese E-Mail ist vertraulich. Jede nicht genehmigte Weitergabe ist untersagt.",
    "このメールは機密です。承認なく転送しないでください。",
    "Approved supplier of the year 2026 | www.acme.test",
    "Follow us on the web",
]


@pytest.mark.parametrize("text", COMPANY_TEXTS)
def test_what_a_company_writes_below_an_answer_takes_nothing_back(text):
    for above in ("APPROVE", "Approved.\n\nBest regards,\nInes"):
        reply = reading(message(f"{above}\n\n{text}"))
        assert reply.decision is Decision.APPROVE, reply.reason
        assert reply.note == ""


@pytest.mark.parametrize("text", COMPANY_TEXTS)
def test_what_a_company_writes_decides_nothing_by_itself(text):
    assert decided(text) is Decision.UNCLEAR


@pytest.mark.parametrize(
    "text", ["Approved vendors only, reject the rest", "Follow us? Who asked", "Find us if not"]
)
def test_what_is_no_plain_advertisement_is_a_doubt(text):
    assert decided(f"APPROVE\n\n{text}") is Decision.UNCLEAR


def test_a_saying_in_a_signature_takes_nothing_back():
    saying = '"I never reject an idea, I approve better ones." - A. Wise'
    assert decided(f"APPROVE\n\n-- \nInes\n{saying}") is Decision.APPROVE
    assert decided(f"-- \nInes\n{saying}") is Decision.UNCLEAR
    assert decided(f"APPROVE\n\n{saying}") is Decision.UNCLEAR
