"""What gateways write below every mail: disclaimers.

A person's sentence may begin like one and even hold one of its marks, so two are needed, of
different kinds, and one of them about the message itself. What holds a word that decides is one
only below an answer, and where it begins like one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mail.characters import lowered
from mail.quote_marks import is_blank

_LINES = 30
# Longer than any disclaimer or warning.
_PARAGRAPH = 40
_CHARACTERS = 4_000

_NOUN = r"(?:electronic )?(?:e-?mail|message|communication|transmission|correspondence)"
_EDGE = r"[ \t*_\"(\[]{0,8}"
# In lower case, which is tried by the first letter alone.
LABEL = re.compile(
    rf"{_EDGE}(?:important |legal |e-?mail )?(?:confidentiality|privacy|legal|disclaimer|privileged"
    r"|confidential|notice|important|caution|vertraulich|hinweis|aviso(?: legal)?"
    r"|avviso|avertissement|haftungsausschluss|nota legale)(?: (?:and \w{1,20} )?(?:notice|note"
    r"|information|disclaimer|statement|message))?"
    r"\b[ \t*_]*(?:[:.–-]|$)[ \t*_]*"
)
_SECRET = re.compile(rf"{_EDGE}(?:strictly )?confidential\b", re.IGNORECASE)
BEGINS = re.compile(
    rf"{_EDGE}(?:(?:the )?(?:information|contents?)\b.{{0,40}}\b(?:this|transmitted)"
    rf"|this {_NOUN}\b|any (?:views|opinions)\b"
    rf"|if you (?:are not|have received|received)\b|(?:e-?mails?|internet communications) are\b"
    r"|(?:diese|der inhalt dieser) (?:e-?mail|nachricht)\b|dieses e-?mail\b|falls sie nicht\b"
    r"|ce (?:message|courriel|mail|courrier)\b|les informations contenues"
    r"|(?:este|esta) (?:mensaje|mensagem|correo|e-?mail|comunicaci[óo]n)"
    r"|la informaci[óo]n contenida|as informações contidas"
    r"|(?:questo|la presente) (?:messaggio|e-?mail|comunicazione)|le informazioni contenute"
    r"|(?:dit|deze) (?:e-?mail ?(?:bericht)?|bericht)\b|de informatie (?:in|verzonden)"
    r"|(?:detta|dette|denne) (?:meddelande|e-?post|e-?mail|mail|melding)"
    r"|(?:ta|niniejsza) wiadomość|tato zpráva|informace obsažené|messaggio riservato"
    r"|unless (?:expressly |otherwise ){1,2}stated|nothing (?:in this|herein)"
    r"|our bank (?:details|account)|irs circular 230"
    r"|この(?:電子)?メール|本メール|本电子?邮件|本郵件|此邮件|此郵件)"
)
_RECEIVED = rf"(?:it|(?:this|the)(?: {_NOUN})?(?: \([^()]{{1,20}}\))?(?: and [^.!?]{{1,40}})?) "


@dataclass(frozen=True, slots=True)
class _Mark:
    """Of one kind, in lower case: phrases, and a pattern that is searched for only where one of
    `near` stands, for a text is searched for a word far faster than for a pattern."""

    phrases: Sequence[str]
    near: Sequence[str]
    pattern: re.Pattern[str]

    def stands_in(self, low: str) -> bool:
        if any(phrase in low for phrase in self.phrases):
            return True
        return any(word in low for word in self.near) and self.pattern.search(low) is not None


def _mark(phrases: str, near: str = "", pattern: str = "") -> _Mark:
    return _Mark(phrases.split("|"), near.split("|") if near else (), re.compile(pattern))


# Of different kinds. The first four are about the message itself and about nothing else.
_MARKS = (
    # For whom it is
    _mark(
        "the addressee|intended to be for the use|to whom it is|destinataire|destinatario"
        "|destinataria|destinatário|destinatária|geadresseerde|beoogde ontvanger"
        "|avsedd mottagare|avsedda mottagare|adresat",
        "recipient|addressee|intended|use of|or entit|empfänger|adressat|modtager|mottaker",
        r"(?:intended|named|designated|original) (?:recipient|addressee)"
        r"|intended (?:only|solely|exclusively) for (?:the|use)"
        r"|for the (?:sole |exclusive )?use of|individuals?(?:\(s\))? or entit"
        r"|(?:vorgesehene|beabsichtigte|richtige|genannte)[rn]? (?:empfänger|adressat)"
        r"|für den (?:empfänger|adressaten)|(?:rette|tiltenkte) (?:modtager|mottaker)",
    ),
    # That it came to the wrong one, or what nobody says of anything but a message
    _mark(
        "誤って受信|誤って受け取|av misstag|ved en fejl|ved en feil"
        "|不得转发|不得轉發|不得披露|不得复制|転送しないで|転送を禁",
        "error|mistake|irrtümlich|versehentlich|erreur|engano|errore|ontvangen|nicht der"
        "|prohibid|vietato|ontleend|weitergabe",
        rf"receiv\w{{1,4}} {_RECEIVED}(?:in|by) (?:error|mistake)"
        r"|(?:irrtümlich|versehentlich).{0,20}erhalten"
        r"|reçu.{0,40}par erreur|recibido.{0,40}(?:por|en) error|recebeu?.{0,40}por engano"
        r"|ricevuto.{0,40}per errore|(?:per abuis|ten onrechte|onbedoeld).{0,30}ontvangen"
        r"|nicht der (?:richtige |beabsichtigte |vorgesehene )?(?:empfänger|adressat)"
        r"|(?:reached|came to|sent to) you (?:by|in) (?:mistake|error)"
        r"|prohibid[ao]s? (?:su|la|toda) (?:difusi|reproducci|copia|divulgaci)"
        r"|ogni uso\b.{0,40}\bvietato|rechten\b.{0,20}\bontleend"
        r"|jede\b.{0,40}\bweitergabe\b.{0,30}(?:untersagt|nicht gestattet)",
    ),
    # Whose words they are, and what they may carry
    _mark(
        "scanned for viruses|scanned for malware|scanned by|nothing in this|nothing herein"
        "|bank details have not|bank details will not|bank details never|irs circular 230",
        "expressed|virus",
        r"(?:views|opinions)[^.!?]{0,40}expressed"
        r"|virus(?:es)?\b.{0,80}\b(?:liab|transmi|attach|free)",
    ),
    _mark(
        "solely those of the author|solely those of the sender|only those of the author"
        "|only those of the sender|not necessarily represent|not necessarily reflect"
        "|not necessarily those"
    ),
    # That it is secret
    _mark(
        "confidential|privileged|vertraulich|confidentiel|confidencia|riservat|confidenzial"
        "|vertrouwelijk|poufn|fortrolig|konfidenti|důvěrn|機密|机密|保密|守秘"
    ),
    # What is to be done with it
    _mark(
        "notify the sender|notify us|notify me|inform the sender|contact the sender"
        "|advise the sender|destroy|absender|vernichten|löschen|supprim|détrui|elimin|borra"
        "|borre|apagu|distrug|cancell|verwijder|usun|radera|slett",
        "delet",
        rf"delet\w{{1,3}} (?:it|(?:this|the) {_NOUN}|all copies)|\bdelete it\b",
    ),
    # What is forbidden
    _mark(
        "disclos|disseminat|unauthorised|unauthorized|strictly prohibited|distributi|copying"
        "|転送|转发|轉發|開示|披露|unbefugt|unerlaubt|weitergabe|nicht gestattet|untersagt"
        "|difusi|diffusion|interdit|divulga|prohibid|vietat|verboden|openbaarmaking|zabronion"
    ),
    # Who answers for it
    _mark(
        "haftung|responsab|aansprakelijk|odpowiedzialno|penalt|tax advice",
        "liab|ontle",
        r"\bliab|rechten\b.{0,40}\bontlee?n",
    ),
    # That it was looked through
    _mark("believed to be clean|dangerous content|virus-free|mailscanner"),
    # That nobody is bound by it
    _mark(
        "legally binding|electronic signature|unless signed|unless countersigned"
        "|rechtsverbindlich|schriftlich|written approval|written consent"
        "|change of bank details|approved for delivery",
        "constitute|amount to|create|form",
        r"(?:does not|nothing in this \w{1,20}) (?:constitute|amount to|create|form)",
    ),
)
_OF_THE_MESSAGE = 4
# What is no disclaimer's: a paragraph that holds it is somebody's own.
DECIDES = re.compile(r"approv(?!al)|reject", re.IGNORECASE)


def paragraph(lines: Sequence[str], at: int) -> list[str]:
    """From the line at `at` on, as far as a disclaimer or a warning may reach."""
    end = at
    while end < min(len(lines), at + _PARAGRAPH) and not is_blank(lines[end]):
        end += 1
    return list(lines[at:end])


def starts_disclaimer(line: str) -> bool:
    low = lowered(line)
    return bool(LABEL.match(low) or BEGINS.match(low))


def is_label(paragraph: Sequence[str]) -> bool:
    """Whether it is the heading of a disclaimer, which then begins in the next paragraph."""
    return len(paragraph) == 1 and LABEL.fullmatch(lowered(paragraph[0].rstrip("\r"))) is not None


def _begins(line: str) -> bool:
    return BEGINS.match(lowered(line)) is not None


def _without_label(line: str) -> str:
    label = LABEL.match(lowered(line))
    return line[label.end() :] if label else line


def is_disclaimer(paragraph: Sequence[str], below: bool = False) -> bool:
    """Whether the paragraph, from a line on that starts one, is a disclaimer to its end; `below`:
    whether it stands below an answer or in a signature."""
    if not paragraph:
        return False
    # What stands before the next line that starts one may be a person's: it has to show itself.
    later = [i for i, line in enumerate(paragraph) if i and starts_disclaimer(line)]
    head = paragraph[: later[0]] if later else paragraph
    # A label is what people write as well: `Important: …`
    secret = _SECRET.match(paragraph[0])
    begins = secret or any(map(_begins, (*paragraph, _without_label(paragraph[0]))))
    kinds = _kinds(paragraph, below) if len(paragraph) <= _LINES else []
    if len(kinds) < (2 if begins else 3):
        return False
    return _of_the_message(kinds if head is paragraph else _kinds(head, below))


def continues_disclaimer(paragraph: Sequence[str]) -> bool:
    """Whether it is one more paragraph of the disclaimer above, however it begins."""
    enough = 1 if paragraph and starts_disclaimer(paragraph[0]) else 2
    kinds = _kinds(paragraph)
    return len(kinds) >= enough and _of_the_message(kinds)


def _of_the_message(kinds: Sequence[int]) -> bool:
    return any(kind < _OF_THE_MESSAGE for kind in kinds)


def _kinds(lines: Sequence[str], below: bool = False) -> list[int]:
    text = " ".join(line.strip() for line in lines)
    if len(text) > _CHARACTERS or (not below and DECIDES.search(text)):
        return []
    low = lowered(text)
    return [kind for kind, mark in enumerate(_MARKS) if mark.stands_in(low)]
