"""What programs draw between an answer and the mail below it."""

import re

# Proton and Outlook draw with other dashes than the keyboard's.
_DASH = r"[-\u2010-\u2015_=*~]"
# The original or a forwarded mail, as programs call it in a line of its own.
_NAMES = (
    r"original(?: message| appointment| e-?mail)?|reply message|replied message|forwarded mail"
    r"|forwarded (?:message|by)|inline message follows|begin quoted (?:message|text)"  # English
    r"|ursprüngliche (?:nachricht|mail|e-?mail)|original-?nachricht|weitergeleitete nachricht"
    r"|message d['’]origine|(?:message|mail|courriel) original|message (?:transféré|réexpédié)"
    r"|mensaje (?:original|reenviado)|missatge (?:original|reenviat)"  # Spanish, Catalan
    r"|mensagem (?:original|encaminhada|reencaminhada)|messaggio (?:originale|inoltrato)"
    r"|oorspronkelijk(?:e)? (?:bericht|e-?mail)|doorgestuurd bericht"  # Dutch
    r"|ursprungligt meddelande|originalmeddelande|vidarebefordrat(?: meddelande)?"  # Swedish
    r"|oprindelig (?:meddelelse|besked|mail)|videresendt (?:meddelelse|besked|melding)"
    r"|opprinnelig (?:melding|e-?post)|alkuperäinen viesti|välitetty viesti"
    r"|wiadomość oryginalna|oryginalna wiadomość|(?:wiadomość )?przekazana wiadomość"  # Polish
    r"|původní (?:zpráva|e-?mail)|pôvodná správa|preposlaná správa|přeposlaná zpráva"
    r"|izvorn[aoi] (?:poruka|sporočilo)|izvirno sporočilo|originalna poruka"
    r"|eredeti üzenet|továbbított üzenet|mesaj(?:ul)? original|mesaj redirecționat"
    r"|(?:исходное|пересылаемое|пересланное|оригинальное) сообщение|оригинал"  # Russian
    r"|(?:вихідне|оригінальне|переслане) повідомлення|оригинално съобщение|оригинална порука"
    r"|αρχικό μήνυμα|προωθημένο μήνυμα|orijinal (?:mesaj|ileti)|özgün ileti|iletilen ileti"
    r"|الرسالة الأصلية|رسالة أصلية|הודעה מקורית|ההודעה המקורית|پیام اصلی"
    r"|原始邮件|原始郵件|回复的原邮件|回复的邮件|原邮件|转发邮件|轉寄郵件|转发的邮件"  # Chinese
    r"|元のメッセージ|オリジナルメッセージ|転送|転送メッセージ|원본 ?(?:메시지|메일|이메일)"
    r"|전달된 메시지|thư gốc|tin nhắn gốc|ข้อความ(?:เดิม|ต้นฉบับ)|pesan asli"
    r"|algne (?:kiri|sõnum)|originalus laiškas|sākotnējais ziņojums|upphaflegt skeyti"
)
# Apple Mail, and BlackBerry, whose dashes some servers take off.
_LINES = (
    r"begin (?:forwarded|quoted) message|anfang der weitergeleiteten nachricht"
    r"|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado"
    r"|início da mensagem (?:re)?encaminhada|inizio messaggio inoltrato"
    r"|begin doorgestuurd bericht|vidarebefordrat brev|start på videresendt besked"
    r"|videresendt melding|välitetty viesti alkaa|początek przekazywanej wiadomości"
    r"|začátek přeposílané zprávy|начало переадресованного сообщения|下面是被转发的邮件"
    r"|開始轉寄郵件|転送されたメッセージ|전달된 메시지 시작"
)
# In lower case, which is tried by the first letter alone.
CUTS = re.compile(
    rf"[ \t\xa0]*(?:{_DASH}{{2,}}[ \t\xa0]*(?:{_NAMES})[ \xa0\w.:,/+@<>()\"']{{0,60}}{_DASH}*"
    rf"|(?:{_LINES})[ \xa0]?[:\uff1a]|original message(?: processed by david®?)?"
    r"|ursprüngliche nachricht)[ \t\r\xa0]*$"
)
# The same in any language: a cut only above a row of header fields.
FRAMED = re.compile(
    rf"[ \t]*{_DASH}{{3,}}[ \t\xa0]?[^\W\d_][^\n]{{2,60}}?{_DASH}{{3,}}[ \t\r\xa0]*$"
)
# A line that Outlook and mailing lists draw, and that people draw, too.
RULE = re.compile(r"[ \t]*(?:_{8,}|={8,}|-{8,}|\*{8,})[ \t\r]*$")
