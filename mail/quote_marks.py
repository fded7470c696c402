"""What quotes, signatures and disclaimers look like in plain text: a row a program or language.

Every pattern is bounded, so that it takes linear time; what follows from a match stands in
`mail.quotes`.
"""

import re

# RFC 3676 §4.5; `|` is what some programs of the nineties and wikis put there.
MARKED = re.compile(r"[ \t\xa0]*[>|\uff1e]")

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
    r")(?:\s?\([^()]{0,60}\))?\s*[:\uff1a]\s*$",
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
STAMPED = re.compile(r"@|\d{1,4}[-:./]\d{1,2}")
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

# Lines below which nothing is the writer's own.
CUTS = re.compile(
    r"[ \t]*(?:"
    r"-{2,}[ \t]*(?:original message|original appointment|reply message|ursprüngliche nachricht"
    r"|original-nachricht|originalnachricht|message d'origine|message original|mensaje original"
    r"|mensagem original|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande"
    r"|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna"
    r"|původní zpráva|исходное сообщение|原始邮件|原始郵件|元のメッセージ|원본 메시지"
    r"|forwarded (?:message|by)|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat"
    r"|пересылаемое сообщение|转发邮件|転送).{0,60}"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:"  # Apple Mail
    r"|début du message (?:transféré|réexpédié)\s?:|inicio del mensaje reenviado:"
    r"|_{8,}|={8,}|-{8,}|\*{8,}"  # Outlook's line, list footers, home-made separators
    r"|-{4,}[ \t]?\w.{0,60}-{4,}"
    r")[ \t\r]*$",
    re.IGNORECASE,
)
# The start of what companies add below every mail.
DISCLAIMER = re.compile(
    r"[ \t*_]*(?:"
    r"(?:important )?(?:confidentiality|privacy|legal|disclaimer|privileged)[ -]?"
    r"(?:notice|note|disclaimer|statement)?\s*[::-]"
    r"|disclaimer\b|confidentiality notice"
    r"|(?:the (?:information|content)s? (?:contained )?(?:in|of) )?"
    r"this (?:e-?mail|message|communication|transmission)\b.{0,80}"
    r"(?:confidential|intended|privileged|scanned|virus|sent (?:by|from|on behalf))"
    r"|the information (?:contained )?in this (?:e-?mail|message|communication)"
    r"|if you (?:are not|have received this)\b.{0,40}(?:recipient|addressee|error)"
    r"|please (?:consider|think (?:of|about)) the environment"
    r"|diese e-?mail (?:enthält|ist|kann)|der inhalt dieser e-?mail|haftungsausschluss"
    r"|ce (?:message|courriel|mail) .{0,40}(?:confidentiel|destin)"
    r"|este (?:mensaje|correo|e-?mail).{0,60}(?:confidencial|destina)"
    r"|esta mensagem.{0,60}(?:confidencia|destina)"
    r"|questo messaggio.{0,60}(?:riservat|confidenzial|destinat)"
    r"|dit (?:e-?mail)?bericht .{0,60}(?:vertrouwelijk|bestemd)"
    r")",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"[ \t]?(?:--|—)[ \t\r\xa0]*$")
# What phones and programs add: the whole line, so that nothing else hides in it.
PROGRAM = re.compile(
    r"[ \t]*(?:"
    r"(?:sent|typed) (?:from|via|with|on|using) (?:my |the )?"
    r"(?:iphone|ipad|ipod|apple watch|android|galaxy|samsung|blackberry|windows|huawei|xiaomi"
    r"|pixel|nokia|mobile|phone|smartphone|tablet|handheld|outlook|yahoo|aol|gmail|mail|proton"
    r"|protonmail|spark|superhuman|hey|tuta|fastmail|airmail|verizon|t-mobile|bluemail|k-9"
    r"|myMail|thunderbird)(?:[ -](?:[\w+.,/-]|, )[\w+./-]{0,20}){0,5}[.!]?"
    r"|get outlook for \w+(?: <\S{1,200}>)?"
    r"|(?:von meinem|von mobilgerät|gesendet von (?:meinem )?) ?[\w -]{1,30}(?: gesendet)?\.?"
    r"|envoyé (?:de|depuis) (?:mon )?[\w -]{1,20}|enviado desde (?:mi )?[\w -]{1,20}"
    r"|enviado do (?:meu )?[\w -]{1,20}|inviato da(?:l mio)? ?[\w -]{1,20}"
    r"|verstuurd vanaf (?:mijn )?[\w -]{1,20}|verzonden vanaf (?:mijn )?[\w -]{1,20}"
    r"|skickat från (?:min )?[\w -]{1,20}|sendt fra (?:min )?[\w -]{1,20}"
    r"|отправлено с [\w -]{1,20}|wysłane z [\w -]{1,20}|iphone['’]umdan gönderildi"
    r"|iphoneから送信|发自我的 ?\w{1,20}"
    r")[ \t\r]*$",
    re.IGNORECASE,
)
