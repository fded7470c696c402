"""What the subjects of automatic mail begin with, by language.

For notices whose headers a gateway has taken off. Only at the very start: a person's answer, even
to such a notice, starts with `Re:`.
"""

import re

_ABSENCE = re.compile(
    r"\W{0,3}(?:"
    r"(?:automatic|auto(?:mated)?)[ -]?(?:reply|response|answer)|auto:|autoreply"  # English
    r"|out of (?:the )?office|(?:on )?vacation reply|ooo:|i['’]m on vacation\b"
    r"|away from (?:my )?(?:mail|the office|desk)|(?:on )?annual leave|on (?:parental )?leave\b"
    r"|automatische antwort|automatische rückmeldung|abwesend|abwesenheit"  # German
    r"|réponse (?:automatique|d['’]absence)|absence\b|absent\b|message d['’]absence"  # French
    r"|respuesta (?:automática|autom[aá]tica)|autorespuesta|fuera de (?:la )?oficina"  # Spanish
    r"|resposta autom[aá]tica|ausência|fora do escritório|ausente\b|ausencia\b"  # Portuguese
    r"|risposta automatica|fuori ufficio|assenza"  # Italian
    r"|resposta automàtica|automatisch antwoord|automatische beantwoording|afwezig"  # Dutch
    r"|autosvar|automatiskt svar|automatisk svar|automatisk besked|frånvaro|fravær"  # Nordic
    r"|sjálfvirkt svar|automaattinen vastaus|poissaolo|automaatvastus|automaatne vastus"
    r"|automatyczna odpowiedź|odpowiedź automatyczna|nieobecność"  # Polish
    r"|automatick[áé] odpověď|automatické odpovědi|automatická odpoveď"  # Czech, Slovak
    r"|samodejni odgovor|automatski odgovor|automatinis atsak|automātiskā atbilde"
    r"|automatikus válasz|házon kívül|răspuns automat|otomatik yanıt|trả lời tự động"
    r"|balasan otomatis|αυτόματη απάντηση|автоматичн|автоматическ|автоответ|автовідпов"
    r"|מענה אוטומטי|תשובה אוטומטית|رد تلقائي|الرد التلقائي|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ"
    r"|自動応答|自動返信|自动回复|自動回覆|자동 회신|자동 응답"
    r")",
    re.IGNORECASE,
)
# What mail programs write when a message was opened, and when a meeting was answered.
_RECEIPT = re.compile(
    r"(?:(?:not )?read|(?:nicht )?gelesen|ungelesen|(?:non )?lu|leído|lida|letto|gelezen|läst|lest"
    r"|læst|przeczytane|přečteno|прочитано|read receipt|return receipt \([^()]{1,40}\)"
    r"|lesebestätigung|accusé de (?:lecture|réception)"
    r"|(?:tentatively )?accepted|declined|tentative|zugesagt|zusage|abgesagt|absage"
    r"|mit vorbehalt(?: zugesagt)?|accepté|refusé|provisoire|aceptado|aceptada|rechazado"
    r"|aceite|recusado|accettato|rifiutato|geaccepteerd|geweigerd|accepterat|avböjt|godtaget)"
    r"[ \xa0]?[:\uff1a]",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\W{0,3}(?:undeliver(?:able|ed)\b|unzustellbar|unable to deliver|failure notice"
    r"|delivery (?:status notification|failure|has failed|notification)"
    r"|mail delivery (?:failed|failure|subsystem)|mail system error|returned mail"
    r"|message not delivered|non remis|no se puede entregar|non recapitabile"
    r"|não entregue|onbestelbaar|olevererbar|doručení se nezdařilo)",
    re.IGNORECASE,
)


def is_automatic_subject(subject: str) -> bool:
    return bool(_ABSENCE.match(subject) or _RECEIPT.match(subject))


def reports_failure(subject: str) -> bool:
    return bool(_FAILURE.match(subject))
