"""What the subjects of automatic mail begin with, by language.

For notices whose headers a gateway has taken off. Only at the very start, behind a gateway's tag: a
person's answer, even to such a notice, starts with `Re:`.
"""

import re
import unicodedata
from functools import cache

from mail.carriers import SUBJECT

LONGEST = 300

# Gateways' tags: [EXTERN], [External], *** SPAM ***, EXTERNAL:, (ext)
_TAGS = (
    r"(?:(?:\[[^\[\]]{1,30}\]|\*{1,5}[^*]{1,20}\*{1,5}|\(ext\w{0,8}\)|ext(?:ern"
    r"|ernal)?:)\s{0,5}){1,3}"
)
# "Re: " in the languages that have a word of their own for it (Outlook, Lotus, GMX, QQ).
_REPLY = (
    r"(?:(?:re|aw|sv|vs|antw|odp|ynt|rif|ris|res|rép|réf|ref|bls|回复|回覆|答复|答覆|返信|회신)"
    r"(?:\[\d{1,2}\])?\s?[:：]\s{0,5}){1,10}"
)
_ABSENCE = (
    r"\W{0,3}(?:"
    r"(?:automatic|auto(?:mated)?)[ -]?(?:reply|response|answer)|auto:|autoreply"  # English
    r"|out of (?:the )?office|(?:on )?vacation (?:reply|response|notice)|ooo:|ooo\b.{0,3}\bre:"
    r"|i['’]m on vacation\b|away from (?:my )?(?:mail|the office|desk)|(?:on )?annual leave"
    r"|on (?:parental |maternity |sick )?leave\b|yahoo! auto ?response"
    r"|aol (?:e?mail )?away message"
    r"|automatische (?:antwort|rückmeldung|e-?mail)|abwesend|abwesenheit"  # German
    r"|urlaubs(?:abwesenheit|benachrichtigung|meldung|notiz)|außer haus|nicht im (?:büro|haus)"
    r"|réponse (?:automatique|d['’]absence)|absence\b|absent\b|message d['’]absence"  # French
    r"|message automatique|hors du bureau|en congés?\b"
    r"|respuesta (?:automática|autom[aá]tica)|autorespuesta|fuera de (?:la )?oficina"  # Spanish
    r"|(?:notificación|aviso) de ausencia|contestación automática"
    r"|resposta autom[aá]tica|ausência|fora do escritório|ausente\b|ausencia\b"  # Portuguese
    r"|(?:notificação|aviso) de ausência|aviso de férias"
    r"|risposta automatica|fuori (?:ufficio|sede)|assenza|assente\b|risponditore automatico"
    r"|resposta automàtica|fora de l['’]oficina|absència"  # Catalan
    r"|automatisch (?:antwoord|bericht)|automatische beantwoording|afwezig"
    r"|niet op kantoor"  # Dutch
    r"|buiten kantoor"
    r"|autosvar|auto-?svar|automatiskt svar|automatisk(?:t)? svar|automatisk besked"  # Nordic
    r"|frånvaro|fravær|ikke på kontoret|inte på kontoret|ej på kontoret|ikke til stede"
    r"|sjálfvirkt svar|automaattinen vastaus|automaattivastaus|poissaolo|poissa\b|lomavastaus"
    r"|automaatvastus|automaatne vastus"
    r"|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|nieobecność|poza biurem"
    r"|automatick[áé] odpověď|automatické odpovědi|automatická odpoveď"  # Czech, Slovak
    r"|nepřítomnost|neprítomnosť|mimo kancelář"
    r"|samodejni odgovor|automatski odgovor|automatinis atsak|automātiskā atbilde"
    r"|automatikus válasz|házon kívül|irodán kívül|távollét"  # Hungarian
    r"|răspuns automat|în afara biroului|absent din birou"  # Romanian
    r"|otomatik (?:yanıt|cevap)|ofis dışı|i̇?ş ?yeri dışında"  # Turkish
    r"|trả lời tự động|thư trả lời tự động|vắng mặt|không có mặt"  # Vietnamese
    r"|balasan otomatis|jawaban otomatis|di luar kantor|tidak di kantor"  # Indonesian
    r"|αυτόματη απάντηση|εκτός γραφείου|απουσία"  # Greek
    r"|автоматичн|автоматическ|автоответ|автовідпов|вне офиса|поза офісом"  # Russian, Ukrainian
    r"|(?:нет|отсутствую) на (?:месте|работе)|в отпуске|у відпустці"
    r"|מענה אוטומטי|תשובה אוטומטית|מחוץ למשרד"
    r"|رد تلقائي|الرد التلقائي|خارج المكتب"
    r"|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|ไม่อยู่ที่สำนักงาน"
    r"|自動応答|自動返信|不在通知|不在のお知らせ|不在連絡"
    r"|自动回复|自动答复|自動回覆|自動回复|外出自动|不在办公室|不在辦公室|休假通知"
    r"|자동 ?회신|자동 ?응답|부재 ?중"
    r")"
)
# What mail programs write when a message was opened, and when a meeting was answered.
_RECEIPT = (
    r"(?:(?:"
    r"(?:not )?read|(?:nicht )?gelesen|ungelesen|(?:non )?lu|leído|lida|letto|gelezen|läst|lest"
    r"|læst|luettu|przeczytane|přečteno|prečítané|olvasva|citit|llegit|dibaca|đã đọc|okundu"
    r"|διαβάστηκε|прочитано|прочтено|已读|已讀|開封済み|읽음|נקרא|تمت القراءة"
    r"|(?:tentatively )?accepted|declined|tentative|zugesagt|zusage|abgesagt|absage"
    r"|(?:vorläufig|mit vorbehalt)(?: zugesagt)?|accepté|refusé|provisoire|aceptado|aceptada"
    r"|rechazado|aceite|recusado|accettato|rifiutato|geaccepteerd|geweigerd|accepterat|avböjt"
    r"|godtaget)[ \xa0]?[:\uff1a]"
    # Thunderbird, Notes, Apple's server
    r"|return receipt\b|read receipt\b|lesebestätigung\b|empfangsbestätigung\b"
    r"|accusé de (?:lecture|réception)\b|confirmación de lectura\b|confirmação de leitura\b"
    r"|conferma di lettura\b|ricevuta di ritorno\b|leesbevestiging\b|ontvangstbevestiging\b"
    r"|potwierdzenie (?:odczytu|przeczytania)\b|уведомление о прочтении|開封確認|阅读回执)"
)
# Behind the subject that is answered.
_BRACKETED = r".{0,250}\((?:verification required|boxbe: action required)"
# (how it begins, which program): about mail of ours that somebody has to let through first, or
# that a desk has taken.
_NOTICES = (
    (r"your message to .{1,100} (?:awaits|was rejected|has been rejected)", "Mailman"),
    (r"request to mailing list .{1,100} rejected", "Mailman"),
    (r".{1,100} post from .{1,100} requires approval", "Mailman, to a moderator"),
    (r"(?:rejected posting to|.{1,60}: approval (?:required|requested))", "LISTSERV"),
    (r"bounce .{1,100}: (?:approval required|non-member submission)", "Majordomo"),
    (r"(?:message|moderation) (?:distribution|pending|for .{1,60} is waiting)", "Sympa"),
    (r"(?:results of your email commands|confirm .{0,60}subscription)", "list programs"),
    (r"moderate for |moderator'?s (?:spam report|approval)", "ezmlm, Google Groups"),
    (r"message recall (?:report|success|failure)", "Exchange: it answers who recalls"),
    (r"your e-?mail requires verification", "BoxTrapper"),
    (r"please confirm your (?:message|e-?mail)", "TMDA"),
    (r"approve sender\?", "spam filters that ask for proof"),
    (_BRACKETED, "Spam Arrest, Boxbe"),
    (r"(?:mailinblack|demande d['’]authentification|authentification requise)", "Mailinblack"),
    (r"confirmação de e-?mail|antispam uol", "UOL AntiSpam"),
    (r"complaint about message from", "Microsoft's junk mail reporting"),
    (r"request received:|ticket received|\[request received\]", "Zendesk, Freshdesk"),
)
_FAILURE = (
    r"\W{0,3}(?:undeliver(?:able|ed)\b|unable to deliver|failure notice|failed mail\b"
    r"|(?:mail |e-?mail |message )?delivery (?:status notification|failure|has failed"
    r"|notification"
    r"|failed|incomplete|delayed|problem|error|subsystem)|postmaster\W{1,3}e?-?mail delivery fail"
    r"|mail (?:system error|failure)|returned mail\b|returned to sender|delayed mail\b"
    r"|message (?:not delivered|delayed|could not be delivered|undeliverable)"
    r"|warning: (?:message|could not send|e?-?mail) |there was an error sending your mail"
    r"|e?-?mail bounce notification|non-?delivery (?:report|notification)"
    r"|unzustellbar|nicht zustellbar|zustellung .{0,30}fehlgeschlagen|nachricht nicht zugestellt"
    r"|non remis|échec de (?:la )?(?:remise|distribution)|non distribu"  # French
    r"|no se puede entregar|no entregado|error de entrega|falha (?:na|de) entrega|não entregue"
    r"|não é possível entregar|non recapitabile|mancato recapito|mancata consegna"
    r"|onbestelbaar|olevererbar|kan (?:inte|ikke) leveres?|ikke leveret|ei voi(?:da)? toimittaa"
    r"|niedostarcz|doručení se nezdařilo|nedoručiteln|kézbesíthetetlen|nelivrabil|teslim edileme"
    r"|недоставлен|не (?:было )?доставлен|не уда(?:ет|ёт|лось)\w* доставить|ошибка доставки"
    r"|не вдалося доставити|αδύνατη η παράδοση|δεν παραδόθηκε|לא ניתן למסירה|غير قابل للتسليم"
    r"|退信|系统退信|系統退信|无法送达|未送达|未送達|传递失败|配信不能|配信できません"
    r"|メールエラー通知|未配信|배달되지 않음|전달되지 않음|반송)"
)


@cache
def _begins(pattern: str) -> re.Pattern[str]:
    """For the subject as it is, because a tag may be the notice's own, and without its tags."""
    return re.compile(f"(?:(?>{_TAGS}))?(?:{pattern})", re.IGNORECASE)


ANSWERED = ("", "Re: ", "RE: ", "Aw: ", "AW: ", "Sv: ", "SV: ")
"""What programs put before the subject that is answered, and that says nothing."""
_OURS = tuple(f"{before}{SUBJECT}" for before in ANSWERED)
# Nearly every subject begins with `Re:`; a notice's, receipt's or report's does not.
_AUTOMATIC = f"(?!re:)(?:{_ABSENCE}|{_RECEIPT})"
_FAILED = f"(?!re:){_FAILURE}"
_ANSWERED_ABSENCE = f"(?>{_REPLY}){_ABSENCE}"
# Most subjects are a person's, and of the three rules none is asked then.
_TELLING = _begins("|".join((_AUTOMATIC, _FAILED, *(start for start, _ in _NOTICES))))


def is_telling(subject: str) -> bool:
    """Whether any of the next three has something to tell."""
    # What follows in our own subject are a request's words (`Payment: approval required`), but for
    # what programs add in brackets.
    if subject.startswith(_OURS):
        return "(" in subject and _begins(_BRACKETED).match(_start(subject)) is not None
    return _TELLING.match(_start(subject)) is not None


def is_automatic_subject(subject: str) -> bool:
    return _begins(_AUTOMATIC).match(_start(subject)) is not None


def reports_failure(subject: str) -> bool:
    return _begins(_FAILED).match(_start(subject)) is not None


def notice_in(subject: str) -> str:
    """Whose notice it begins; '' for none that is known."""
    text = _start(subject)
    return next((whose for start, whose in _NOTICES if _begins(start).match(text)), "")


def is_answered_absence(subject: str) -> bool:
    """Whether it is an absence notice's behind `Re:`: some programs write so, as people do who
    answer such a notice."""
    return _begins(_ANSWERED_ABSENCE).match(_start(subject)) is not None


def _start(subject: str) -> str:
    text = subject[:LONGEST].strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)
