"""Closings, signatures and what phones add: no note, and nothing a person's words hide behind."""

import pytest

from mail.quotes import own_text
from mail.reply import Decision
from tests.unit.incoming import ATTRIBUTION, decided, message, quoted, reading

QUOTE = f"{ATTRIBUTION}\n{quoted('Run it, unless you object?')}"


def approves(below: str) -> bool:
    return decided(f"APPROVE\n\n{below}") is Decision.APPROVE


@pytest.mark.parametrize("mark", ["-- ", "--", "—"])
def test_a_signature_decides_nothing_and_is_no_note(mark):
    assert decided(f"{mark}\nInes\nAPPROVE") is Decision.UNCLEAR
    assert decided(f"{mark}\nInes\n\n{QUOTE}\n\nAPPROVE") is Decision.UNCLEAR
    reply = reading(message(f"APPROVE\n\n{mark}\nInes Roth\nTest Engineer\nACME Limited"))
    assert (reply.decision, reply.note) == (Decision.APPROVE, "")


@pytest.mark.parametrize("mark", ["-- ", "--", "—"])
@pytest.mark.parametrize(
    "below",
    [
        "REJECT",
        "Partial refund please",
        "but not before Friday",
        "Ines\nREJECT",
        "Ines\nonly if Tom agrees",
        "Ines\n50 EUR at most",
        "Ines\n👎",
        "Ines\nIs Tom in it?",
        "Ines\n\nPS: not before Friday!",
        "Ines\n\nPS: the first order, please",
        "Ines\n\nPS: Up to 3",
        "Ines\n\nTom has to sign as well",
        "Ines\nask Tom about it",
        f"Ines\n\n{QUOTE}\n\nTom first",
    ],
)
def test_a_signature_hides_nothing(mark, below):
    assert not approves(f"{mark}\n{below}")


@pytest.mark.parametrize("mark", ["--", "—"])
def test_what_follows_two_dashes_is_doubted_like_a_note(mark):
    assert not approves(f"{mark}\nthe first order")
    assert not approves(f"{mark}\nFirst Order")
    assert not approves("-- \nthe first order")
    assert not approves("________\nthe first order")
    assert approves("-- \nFirst Level")


@pytest.mark.parametrize("rule", ["_" * 8, "=" * 10, "-" * 32, "*" * 8])
@pytest.mark.parametrize(
    "below", ["Conditions: not before Tom agrees", "DO NOT RUN", "only if Tom agrees", "REJECT"]
)
def test_a_line_that_people_draw_hides_nothing(rule, below):
    assert not approves(f"{rule}\n{below}")
    assert approves(f"{rule}\nInes Roth\nTest Engineer")
    assert decided(f"{rule}\n\nREJECT") is Decision.UNCLEAR


@pytest.mark.parametrize("line", ["---- NOT before Friday ----", "----only 50 EUR----", "--- 50 €"])
def test_a_line_with_words_in_it_is_the_writers(line):
    assert not approves(line)


@pytest.mark.parametrize(
    "closing",
    ["Regards", "Best,", "Best regards,", "Kind regards", "Cheers", "Sincerely,", "LG", "MfG",
     "Mit freundlichen Grüßen", "Viele Grüße", "Cordialement", "Bien à vous,", "Saludos",
     "Un saludo", "Atentamente", "Atenciosamente,", "Abraços", "Cordiali saluti", "Saluti",
     "Met vriendelijke groet", "Groeten", "Med vänlig hälsning", "Mvh", "Hilsen", "Pozdrawiam",
     "Terveisin", "敬具", "よろしくお願いします", "С уважением,"],
)  # fmt: skip
def test_below_a_closing_a_signature_does_no_harm(closing):
    lines = "Max Jen\nTest Engineer\nBack Office, First Level\nACME Limited\nMo-Fr 9 bis 17"
    reply = reading(message(f"APPROVE\n\n{closing}\n\n{lines}\n\n{QUOTE}"))
    assert (reply.decision, reply.note) == (Decision.APPROVE, "")
    assert not approves(f"{closing}\nInes\n\nPS: not before Friday")
    assert not approves(f"{closing}\nInes\n\nPS: the first order, please")
    assert not approves(f"{closing}\nREJECT")
    assert not approves(f"{closing}\nTom first")
    assert not approves(f"{closing}\nInes\nRun it on Friday")
    assert not approves(f"{closing}, the first order\nInes")


@pytest.mark.parametrize("thanks", ["Thanks", "Thanks,", "Thank you!", "Danke", "Merci", "Gracias"])
def test_what_follows_thanks_may_be_a_request(thanks):
    assert approves(f"{thanks}\nInes\nTest Engineer\nACME Limited")
    assert not approves(f"{thanks}\nthe first order only")
    assert not approves(f"{thanks}\nFirst Order")
    assert not approves(f"{thanks}\n\nStaging first")


def test_a_signature_ends_where_no_signature_is_so_long():
    lines = "\n".join("X" for _ in range(12))
    assert approves(f"Regards\n{lines}")
    assert not approves(f"Regards\n{lines}\nTom first")
    assert own_text(f"REJECT\nRegards\n{lines}\ny").lines == ("REJECT", "y")


def test_a_closing_above_any_answer_is_the_answer():
    assert decided("Regards\nAPPROVE") is Decision.UNCLEAR
    assert decided("Regards\nREJECT") is Decision.UNCLEAR
    assert reading(message("Regards\n\nTom")).note == "Regards\n\nTom"


@pytest.mark.parametrize("line", ["нет", "не надо", "中止してください", "不要", "δεν θέλω", "취소"])
def test_a_refusal_in_another_script_is_seen_below_a_closing(line):
    assert not approves(f"敬具\n{line}")
    assert approves("С уважением,\nИван Петров\nМосква")


@pytest.mark.parametrize(
    "line",
    ["Sent from my iPhone", "Sent from my iPhone, sorry for typos", "Sent from my phone.",
     "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
     "Sent from Outlook for iOS", "Sent from Outlook for Android", "Sent from Mail for Windows 10",
     "Get Outlook for iOS", "Get Outlook for iOS <https://links.test/ol?x=1>",
     "Sent from my Verizon, Samsung Galaxy smartphone", "Von meinem iPhone gesendet",
     "Gesendet mit der GMX Mail App", "Envoyé de mon iPhone", "Enviado desde mi iPhone",
     "Enviado do meu iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone",
     "Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta",
     "Wysłane z iPhone'a", "Отправлено с iPhone", "Надіслано з iPhone", "iPhone'umdan gönderildi",
     "iPhoneから送信", "发自我的 iPhone", "从我的 iPhone 发送", "傳送自 iPhone",
     "나의 iPhone에서 보냄",
     "Στάλθηκε από το iPhone μου", "נשלח מה-iPhone שלי",
     "P Please consider the environment before printing",
     "Pensez à l'environnement avant d'imprimer",
     "Antes de imprimir este mensaje, piense en el medio ambiente",
     "Please do not print this e-mail unless you really need to."],
)  # fmt: skip
def test_what_a_program_adds_is_no_note(line):
    reply = reading(message(f"APPROVE\n\n{line}\n\n{QUOTE}"))
    assert (reply.decision, reply.note) == (Decision.APPROVE, "")
    assert not approves(f"{line}\n\nnot before Friday")


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone - not sure",
        "Sent from my phone please REJECT this one",
        "Sent by my son",
        "Sent from my desk",
        "Von meinem Chef abgelehnt",
        "Von meinem Limit nicht gedeckt",
        "gesendet von meinem Sohn",
        "enviado desde mi cuenta hackeada",
        "envoyé par mon fils",
        "Please think about the environment: staging only, not production!",
        "Please consider the environment before printing, staging only",
    ],
)
def test_what_begins_like_a_programs_line_is_the_writers(line):
    # Where it was sent from is said, and nothing else.
    assert approves(line) is (line == "Sent from my desk")
    assert reading(message(f"REJECT\n\n{line}")).note == line


@pytest.mark.parametrize(
    "line",
    ["-Ann", "- Ann Lee", "– Ann B. Lee", "~ Ann", "/John", "//Jef", "/jd", "-Maarten de Jong",
     "Thanks", "Many thanks!", "LG Ann", "Best regards, Ann Lee", "Ines", "Ines Roth", "-Ines",
     "John Doe", "Łukasz Jan Niemier", "김민수 드림"],
)  # fmt: skip
def test_a_last_line_that_only_signs_is_no_note(line):
    assert reading(message(f"REJECT\n\nToo much.\n\n{line}")).note == "Too much."
    assert reading(message(f"REJECT\n\nToo much.\n\n{line}\n\n{QUOTE}")).note == "Too much."


@pytest.mark.parametrize("line", ["- Not this one", "-Stop", "/no", "- Only Ann", "-Reject"])
def test_what_looks_like_a_signature_is_still_doubted(line):
    assert not approves(line)


@pytest.mark.parametrize(
    "text", ["- Oslo\n- Bergen", "-5 percent", "/etc is full", "Thanks to Ann", "Ann Lee", "- oslo"]
)
def test_a_last_line_that_says_something_is_a_note(text):
    assert reading(message(f"REJECT\n\nSo:\n{text}")).note == f"So:\n{text}"


def test_the_first_line_is_said_whatever_it_looks_like():
    for line in ("-Ann", "Thanks", "Ines"):
        assert own_text(line, names={"ines"}).lines == (line,)


def test_only_the_senders_own_name_signs_alone():
    text = "REJECT\n\nAsk Tom.\n\nTom"
    assert own_text(text, names={"tom", "lee"}).lines == ("REJECT", "", "Ask Tom.")
    assert own_text(text).lines[-1] == "Tom"
