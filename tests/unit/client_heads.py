"""What mail programs write above our mail in an answer: attribution lines and header blocks, in the
languages that people set their programs to."""

from collections.abc import Callable
from dataclasses import dataclass

NAME, ADDRESS = "Shop agent", "agent@example.com"
SUBJECT = "Approval needed: Refund 120.00 EUR for order 1042 [AR-7K2M9QXD4T]"
TO = "Ines Roth <ines@example.com>"


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    wrote: str
    """Gmail's line above the quote."""
    fields: tuple[str, str, str, str]
    """Outlook's names of From, Sent, To and Subject."""
    sent: str = "23.11.2026 08:00"

    def __repr__(self) -> str:
        return self.code


Head = Callable[[Language], list[str]]

_WHO = f"{NAME} <{ADDRESS}>"
_EN = ("From", "Sent", "To", "Subject")
ENGLISH = Language(
    "en",
    f"On Mon, Nov 23, 2026 at 8:00 AM {_WHO} wrote:",
    _EN,
    "Monday, November 23, 2026 8:00 AM",
)
LANGUAGES = (
    ENGLISH,
    Language(
        "de",
        f"Am Mo., 23. Nov. 2026 um 08:00 Uhr schrieb {_WHO}:",
        ("Von", "Gesendet", "An", "Betreff"),
        "Montag, 23. November 2026 08:00",
    ),
    Language(
        "fr",
        f"Le lun. 23 nov. 2026 à 08:00, {_WHO} a écrit :",
        ("De", "Envoyé", "À", "Objet"),
        "lundi 23 novembre 2026 08:00",
    ),
    Language(
        "es",
        f"El lun, 23 nov 2026 a las 8:00, {NAME} (<{ADDRESS}>) escribió:",
        ("De", "Enviado", "Para", "Asunto"),
        "lunes, 23 de noviembre de 2026 8:00",
    ),
    Language(
        "pt",
        f"Em seg., 23 de nov. de 2026 às 08:00, {_WHO} escreveu:",
        ("De", "Enviada em", "Para", "Assunto"),
    ),
    Language(
        "it",
        f"Il giorno lun 23 nov 2026 alle ore 08:00 {_WHO} ha scritto:",
        ("Da", "Inviato", "A", "Oggetto"),
    ),
    Language(
        "nl",
        f"Op ma 23 nov 2026 om 08:00 schreef {_WHO}:",
        ("Van", "Verzonden", "Aan", "Onderwerp"),
    ),
    Language(
        "pl", f"pon., 23 lis 2026 o 08:00 {_WHO} napisał(a):", ("Od", "Wysłano", "Do", "Temat")
    ),
    Language(
        "sv", f"Den mån 23 nov. 2026 kl 08:00 skrev {_WHO}:", ("Från", "Skickat", "Till", "Ämne")
    ),
    Language(
        "da", f"Den man. 23. nov. 2026 kl. 08.00 skrev {_WHO}:", ("Fra", "Sendt", "Til", "Emne")
    ),
    Language(
        "fi",
        f"ma 23. marrask. 2026 klo 8.00 {NAME} ({ADDRESS}) kirjoitti:",
        ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    ),
    Language(
        "cs",
        f"po 23. 11. 2026 v 8:00 odesílatel {_WHO} napsal:",
        ("Od", "Odesláno", "Komu", "Předmět"),
    ),
    Language("ru", f"пн, 23 нояб. 2026 г. в 08:00, {_WHO}:", ("От", "Отправлено", "Кому", "Тема")),
    Language(
        "tr",
        f"{_WHO}, 23 Kas 2026 Pzt, 08:00 tarihinde şunu yazdı:",
        ("Kimden", "Gönderilme", "Kime", "Konu"),
    ),
    Language("ja", f"2026年11月23日(月) 8:00 {_WHO}:", ("差出人", "送信日時", "宛先", "件名")),
    Language(
        "zh",
        f"{_WHO} 于2026年11月23日周一 08:00写道：",
        ("发件人", "发送时间", "收件人", "主题"),
    ),
    Language(
        "ko",
        f"2026년 11월 23일 (월) 오전 8:00, {_WHO}님이 작성:",
        ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
    ),
)


def bare(language: Language) -> list[str]:
    return []


def wrote(language: Language) -> list[str]:
    return [language.wrote]


def block(language: Language) -> list[str]:
    values = (_WHO, language.sent, TO, SUBJECT)
    rows = zip(language.fields, values, strict=True)
    return [*(f"{name}: {value}" for name, value in rows), ""]


def notes(language: Language) -> list[str]:
    """Lotus Notes: the names in a column, the date in English order."""
    sender, sent, to, subject = language.fields
    return [
        f"{sender}:\t{NAME} <{ADDRESS}>",
        f"{to}:\t{TO}",
        f"{sent}:\t23/11/2026 08:00",
        f"{subject}:\t{SUBJECT}",
        "",
        "",
    ]


def qq(language: Language) -> list[str]:
    """QQ Mail quotes every name and writes its own language, whatever the person's is."""
    return [
        "------------------ 原始邮件 ------------------",
        f'发件人: "{NAME}" <{ADDRESS}>;',
        "发送时间: 2026年11月23日(星期一) 上午8:00",
        '收件人: "Ines Roth"<ines@example.com>;',
        f"主题: {SUBJECT}",
        "",
        "",
    ]
