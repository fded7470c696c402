"""What quotes look like in plain text, and the lines above them: a row a program or language.

Every pattern is bounded, so that it takes linear time; what follows from a match stands in
`mail.quotes`.
"""

import re

# RFC 3676 §4.5, and the same as East Asian keyboards write it.
MARKED = re.compile(r"[ \t\xa0]*[>\uff1e]")
# Programs of the nineties and wikis put a bar there; people draw lists and boxes with it.
BARRED = re.compile(r"[ \t\xa0]*\|")

# What the line above a quote ends with; before it stands a date, a name or an address.
WROTE = re.compile(
    r"(?:"
    r"wrote|writes|said"  # English
    r"|schrieb(?:[^:]{0,80})|geschrieben"  # German: the name may stand behind
    r"|a écrit|écrivait|écrit"  # French
    r"|escribió|escribio"  # Spanish
    r"|escreveu|escreveu-nos"  # Portuguese
    r"|ha scritto|scrive"  # Italian
    r"|schreef(?:[^:]{0,80})|geschreven"  # Dutch
    r"|skrev(?:[^:]{0,80})|följande|kirjoitti"  # Swedish, Danish, Norwegian, Finnish
    r"|napisał(?:\(a\)|a)?|napsala?|napísal(?:\(a\)|a)?|je napisala?|je napisao"  # Slavic, Latin
    r"|пишет|написала?|писала?|пише|написав"  # Russian, Ukrainian
    r"|şunları yazdı|yazdı|a írta|írta|a scris|έγραψε|كتب|כתב|đã viết|menulis"
    r"|写道|寫道|のメール|書きました|作成"  # Chinese, Japanese, Korean
    r")(?:\s?\([^()]{0,60}\))?\s*(?:[:\uff1a]|-{3,8})\s*$",
    re.IGNORECASE,
)
# How the line above a quote begins where it is broken over several, and what marks a short one.
STARTS = re.compile(
    r"[ \t]*(?:"
    r"on|am|le|el|il|em|op|den|på|dne|dňa|dnia|w dniu|pada|vào|la|στις|la data|в"
    r"|пн|вт|ср|чт|пт|сб|вс|mon|tue|wed|thu|fri|sat|sun|man|tir|ons|tors?|fre|lör|lør|sön|søn"
    r"|lun|mar|mer|mié|jeu|jue|ven|vie|sam|sáb|dim|dom|mo|di|mi|do|fr|sa|so|ma|ti|ke|to|pe|su|\d{1,4}"
    r")\b",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(?:uary|uar|vier|eiro|uari|\.)?|feb(?:ruary|ruar|ruari|braio|\.)?|février|févr?\.?"
    r"|febrero|fevereiro|enero|gennaio|genn?\.?|ene\.?|mar(?:ch|s|zo|ço|et|\.)?|märz|mrz\.?"
    r"|maart|mrt\.?|apr(?:il|ile|\.)?|avril|avr\.?|abr(?:il|\.)?|ma[iyj]|mei|mayo|maio|maggio"
    r"|june?|juni|juin|junio|junho|giugno|giu\.?|july?|juli|juillet|juil\.?|julio|julho|luglio"
    r"|lug\.?|aug(?:ust|usti|ustus|\.)?|août|ago(?:sto|\.)?|sept?(?:ember|embre|tembre|iembre|\.)?"
    r"|setembro|settembre|set\.|oct(?:ober|obre|ubre|\.)?|okt(?:ober|\.)?|outubro|out\."
    r"|ottobre|ott\.?|nov(?:ember|embre|iembre|embro|\.)?|dec(?:ember|\.)?|dez(?:ember|embro|\.)?"
    r"|déc(?:embre|\.)?|dic(?:iembre|embre|\.)?|des(?:ember|\.)?"
)
# A day with its month, a date of three numbers, or a time: an amount or an order's number is none.
DATED = re.compile(
    r"(?<![\d.,])(?:\d{1,2}:\d{2}(?!\d)|\d{1,4}[-./] ?\d{1,2}[-./] ?\d{1,4}(?!\d)"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th|er|º)? (?:de |of )?(?:{_MONTHS})(?!\w))"
    rf"|(?<!\w)(?:{_MONTHS}) \d{{1,2}}(?!\d)|\d{{1,2}} ?[月월] ?\d{{1,2}} ?[日일]",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^\s@<>]@[^\s@<>.]{1,64}\.[^\s@<>]")
ADDRESSED = re.compile(r"@[^\s@<>]{1,255}(?:(>\W{0,3}[:\uff1a])|>)?\s*$")

# The names of header fields as programs translate them; the first row starts a block.
_FROM = (
    r"from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|feladó|expéditeur|mittente|remitente"
    r"|发件人|寄件者|寄件人|差出人|送信者|보낸 사람|من|מאת|από|odesílatel|nadawca|de la|dari"
)
_OTHER_FIELDS = (
    r"sent|date|to|cc|subject|reply-to|importance"  # English
    r"|gesendet|datum|an|betreff|priorität"  # German
    r"|envoyé|à|objet|enviado(?: el)?|enviada em|para|asunto|assunto|fecha|data"  # French, Iberian
    r"|inviato|a|oggetto|verzonden|aan|onderwerp"  # Italian, Dutch
    r"|skickat|till|ämne|sendt|til|emne|dato|lähetetty|vastaanottaja|aihe"  # Nordic
    r"|wysłano|do|temat|odesláno|komu|předmět|дата|кому|тема|отправлено|надіслано"  # Slavic
    r"|gönderilme|tarih|kime|konu|elküldve|címzett|tárgy|trimis|către|subiect"
    r"|发送时间|日期|收件人|抄送|主题|送信日時|宛先|件名|보낸 날짜|받는 사람|제목"
    r"|寄件日期|收件者|主旨"
)
FIELD = re.compile(rf"[ \t*_]*(?:({_FROM})|{_OTHER_FIELDS})[ \t*_]*[:\uff1a]", re.IGNORECASE)

# What programs write above the mail that is answered or forwarded: below it all is quoted.
CUTS = re.compile(
    r"[ \t]*(?:"
    r"-{2,}[ \t]*(?:original(?: message| appointment)?|reply message|ursprüngliche nachricht"
    r"|original-nachricht|originalnachricht|message d'origine|message original|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande"
    r"|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna"
    r"|původní zpráva|исходное сообщение|原始邮件|原始郵件|元のメッセージ|원본 메시지"
    r"|forwarded (?:message|by)|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat"
    r"|пересылаемое сообщение|转发邮件|転送)[ \w.:,/+@<>()\"']{0,60}-*"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:"  # Apple Mail
    r"|début du message (?:transféré|réexpédié)\s?:|inicio del mensaje reenviado:"
    r")[ \t\r]*$",
    re.IGNORECASE,
)
# A line that Outlook and mailing lists draw, and that people draw, too.
RULE = re.compile(r"[ \t]*(?:_{8,}|={8,}|-{8,}|\*{8,})[ \t\r]*$")
