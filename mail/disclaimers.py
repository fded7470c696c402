"""What gateways write below every mail: disclaimers.

A person's sentence may begin like one and even hold one of its marks, so two are needed, of
different kinds, and one of them about the message itself. What holds a word that decides is one
only below an answer, and where it begins like one.
"""

import re
from collections.abc import Sequence

from mail.lines import lowered
from mail.quote_marks import is_blank

_LINES = 30
# Longer than any disclaimer or warning.
_PARAGRAPH = 40
_CHARACTERS = 4_000

_NOUN = r"(?:electronic )?(?:e-?mail|message|communication|transmission|correspondence)"
_EDGE = r"[ \t*_\"(\[]{0,8}"
LABEL = re.compile(
    rf"{_EDGE}(?:important |legal |e-?mail )?(?:confidentiality|privacy|legal|disclaimer|privileged"
    r"|confidential|notice|important|caution|vertraulich|hinweis|aviso(?: legal)?"
    r"|avviso|avertissement|haftungsausschluss|nota legale)(?: (?:and \w{1,20} )?(?:notice|note"
    r"|information|disclaimer|statement|message))?"
    r"\b[ \t*_]*(?:[:.–-]|$)[ \t*_]*",
    re.IGNORECASE,
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
    r"|この(?:電子)?メール|本メール|本电子?邮件|本郵件|此邮件|此郵件)",
    re.IGNORECASE,
)
_RECEIVED = rf"(?:it|(?:this|the)(?: {_NOUN})?(?: \([^()]{{1,20}}\))?(?: and [^.!?]{{1,40}})?) "
# Of different kinds. The first four are about the message itself and about nothing else.
_MARKS = tuple(
    # In lower case: a pattern that does not ignore case is searched far faster.
    re.compile(pattern)
    for pattern in (
        # For whom it is
        r"(?:intended|named|designated|original) (?:recipient|addressee)|the addressee"
        r"|intended (?:only|solely|exclusively) for (?:the|use)|intended to be for the use"
        r"|for the (?:sole |exclusive )?use of|individuals?(?:\(s\))? or entit|to whom it is"
        r"|(?:vorgesehene|beabsichtigte|richtige|genannte)[rn]? (?:empfänger|adressat)"
        r"|für den (?:empfänger|adressaten)|(?:l['’]intention|exclusive).{0,30}destinataire"
        r"|destinataires?|destinat[aá]ri[oa]s?|geadresseerde|beoogde ontvanger"
        r"|avsedda? mottagare|(?:rette|tiltenkte) (?:modtager|mottaker)|adresat",
        # That it came to the wrong one
        rf"receiv\w{{1,4}} {_RECEIVED}(?:in|by) (?:error|mistake)"
        r"|(?:irrtümlich|versehentlich).{0,20}erhalten"
        r"|reçu.{0,40}par erreur|recibido.{0,40}(?:por|en) error|recebeu?.{0,40}por engano"
        r"|ricevuto.{0,40}per errore|(?:per abuis|ten onrechte|onbedoeld).{0,30}ontvangen"
        r"|nicht der (?:richtige |beabsichtigte |vorgesehene )?(?:empfänger|adressat)"
        r"|誤って(?:受信|受け取)"
        r"|(?:av misstag|ved en fejl|ved en feil)"
        r"|(?:reached|came to|sent to) you (?:by|in) (?:mistake|error)"
        # What nobody says of anything but a message.
        r"|prohibid[ao]s? (?:su|la|toda) (?:difusi|reproducci|copia|divulgaci)"
        r"|ogni uso\b.{0,40}\bvietato|rechten\b.{0,20}\bontleend|不得(?:转发|轉發|披露|复制)"
        r"|jede\b.{0,40}\bweitergabe\b.{0,30}(?:untersagt|nicht gestattet)|転送(?:しないで|を禁)",
        # Whose words they are, and what they may carry
        r"(?:views|opinions)[^.!?]{0,40}expressed|scanned (?:for (?:viruses|malware)|by)"
        r"|nothing (?:in this|herein)|bank details (?:have not|will not|never)|irs circular 230"
        r"|virus(?:es)?\b.{0,80}\b(?:liab|transmi|attach|free)",
        r"(?:solely|only) those of the (?:author|sender)"
        r"|not necessarily (?:represent|reflect|those)",
        # That it is secret
        r"confidential|privileged|vertraulich|confidentiel|confidencia|riservat|confidenzial"
        r"|vertrouwelijk|poufn|fortrolig|konfidenti|důvěrn|機密|机密|保密|守秘",
        # What is to be done with it
        r"notify (?:the sender|us|me)|(?:inform|contact|advise) the sender"
        rf"|delet\w{{1,3}} (?:it|(?:this|the) {_NOUN}|all copies)|destroy"
        r"|absender|vernichten|löschen|supprim|détrui|elimin|borr[ae]|apagu|distrug|cancell"
        r"|verwijder|usun|radera|slett|\bdelete it\b",
        # What is forbidden
        r"disclos|disseminat|unauthori[sz]ed|strictly prohibited|distributi|copying"
        r"|転送|转发|轉發|開示|披露"
        r"|unbefugt|unerlaubt|weitergabe|nicht gestattet|untersagt|difusi|diffusion"
        r"|interdit|divulga"
        r"|prohibid|vietat|verboden|openbaarmaking|zabronion",
        # Who answers for it
        r"\bliab|haftung|responsab|aansprakelijk|odpowiedzialno|rechten\b.{0,40}\bontlee?n"
        r"|penalt|tax advice",
        # That it was looked through
        r"believed to be clean|dangerous content|virus-free|mailscanner",
        # That nobody is bound by it
        r"(?:does not|nothing in this \w{1,20}) (?:constitute|amount to|create|form)"
        r"|legally binding|electronic signature"
        r"|unless (?:counter)?signed|rechtsverbindlich|schriftlich|written (?:approval|consent)"
        r"|change of bank details|approved for delivery",
    )
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
    return bool(LABEL.match(line) or BEGINS.match(line))


def is_label(paragraph: Sequence[str]) -> bool:
    """Whether it is the heading of a disclaimer, which then begins in the next paragraph."""
    return len(paragraph) == 1 and LABEL.fullmatch(paragraph[0].rstrip("\r")) is not None


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
    begins = secret or any(map(BEGINS.match, (*paragraph, LABEL.sub("", paragraph[0], count=1))))
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
    if len(text) > _CHARACTERS or (DECIDES.search(text) and not below):
        return []
    low = lowered(text)
    return [kind for kind, pattern in enumerate(_MARKS) if pattern.search(low)]
