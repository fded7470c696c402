"""The names of header fields as programs translate them: a row a language.

A row: from; date, to and what else stands there; subject.
"""

from mail.characters import lowered

SENDER, SUBJECT, OTHER = "sender", "subject", "other"
_ROWS = (
    ("from", "sent|date|to|cc|reply-to|importance|sent by|when", "subject"),  # English
    ("von|gesendet von", "gesendet|datum|an|kopie|antwort an|priorität", "betreff"),  # German
    (
        "de|expéditeur",
        "envoyé|envoyé le|envoyé par|date|à|a|cc|copie à|message du",
        "objet|sujet",
    ),  # French
    ("de|remitente", "enviado|enviado el|fecha|para|cc|enviado por", "asunto"),  # Spanish
    ("de|remetente", "enviado|enviada|enviado em|enviada em|data|para|cc", "assunto"),  # Portuguese
    ("da|mittente", "inviato|data|a|cc|per", "oggetto"),  # Italian
    ("van|afzender", "verzonden|datum|aan|cc", "onderwerp"),  # Dutch
    ("från|avsändare", "skickat|datum|till|kopia", "ämne"),  # Swedish
    ("fra", "sendt|dato|til|kopi", "emne"),  # Danish, Norwegian
    ("lähettäjä", "lähetetty|päivämäärä|päiväys|vastaanottaja|kopio", "aihe|otsikko"),  # Finnish
    ("frá", "sent|dagsetning|til|afrit", "efni"),  # Icelandic
    ("od|nadawca", "wysłano|data|do|dw", "temat"),  # Polish
    ("od|odesílatel", "odesláno|datum|komu|kopie", "předmět"),  # Czech
    ("od|odosielateľ", "odoslané|dátum|komu|kópia", "predmet"),  # Slovak
    ("od|pošiljatelj", "poslano|datum|za|kp|prima", "zadeva|predmet"),  # Slovene, Croatian
    ("šalje|od", "poslato|datum|za|primalac", "naslov|predmet|tema"),  # Serbian
    ("од|шаље|пошиљалац", "послато|датум|за|коме", "наслов|тема|предмет"),  # in Cyrillic
    ("feladó", "elküldve|dátum|címzett|másolatot kap", "tárgy"),  # Hungarian
    ("de la|expeditor", "trimis|data|dată|către|cc", "subiect"),  # Romanian
    ("от", "изпратено|дата|до|копие", "относно|тема"),  # Bulgarian
    ("от|отправитель", "отправлено|дата|кому|копия|когда", "тема"),  # Russian
    ("від|відправник", "надіслано|дата|кому|копія", "тема"),  # Ukrainian
    ("από", "στάλθηκε|αποστολή|ημερομηνία|προς|κοιν", "θέμα"),  # Greek
    (
        "kimden|gönderen",
        "gönderilme|gönderilme tarihi|gönderildi|tarih|kime|bilgi",
        "konu",
    ),  # Turkish
    ("من", "تم الإرسال|تاريخ|التاريخ|إلى|نسخة", "الموضوع|موضوع"),  # Arabic
    ("מאת", "נשלח|תאריך|אל|עותק", "נושא"),  # Hebrew
    ("از|فرستنده", "ارسال شده|تاریخ|به|رونوشت", "موضوع"),  # Persian
    ("差出人|送信者|送信元|from", "送信日時|日時|日付|宛先|cc", "件名"),  # Japanese
    ("发件人|发自", "发送时间|发送日期|日期|时间|收件人|抄送|至", "主题"),  # Chinese
    (
        "寄件者|寄件人|發件人",
        "寄件日期|傳送時間|日期|收件者|收件人|副本",
        "主旨|主題",
    ),  # traditional
    (
        "보낸사람|보낸 사람|발신인",
        "보낸날짜|보낸 날짜|보낸시간|보낸 시간|날짜|일시|받는사람|받는 사람|수신인|참조",
        "제목",
    ),  # Korean
    ("từ|người gửi", "đã gửi|ngày|đến|tới|cc", "chủ đề|tiêu đề"),  # Vietnamese
    ("จาก|ผู้ส่ง", "ส่งเมื่อ|ส่ง|วันที่|ถึง|สำเนา", "เรื่อง|หัวเรื่อง"),  # Thai
    ("dari", "dikirim|tanggal|kepada|ke|cc", "subjek|perihal"),  # Indonesian
    ("kellelt|saatja", "saadetud|kuupäev|kellele|saaja|koopia", "teema"),  # Estonian
    ("nuo|siuntėjas", "išsiųsta|data|kam|iki|kopija", "tema"),  # Lithuanian
    ("no|sūtītājs", "nosūtīts|datums|kam|kopija", "temats|tēma"),  # Latvian
    ("de", "enviat|data|per a|a|cc", "assumpte|tema"),  # Catalan
)
# A name may be a sender's in one language and something else in another: then it is a sender's.
_KINDS = {
    name: kind
    for kind, column in ((OTHER, 1), (SUBJECT, 2), (SENDER, 0))
    for row in _ROWS
    for name in row[column].split("|")
}
# As programs write them.
_WRITTEN = {
    written: kind
    for name, kind in _KINDS.items()
    for written in (name, name.capitalize(), name.upper())
}
# `From: `, `*From:* `, `From        : `; RFC 5322 folds no name.
_BEFORE, _BEHIND = " \t\xa0*_|", " \t\xa0*_"
_MOST_BEFORE, _MOST_BEHIND = 8, 12
_LONGEST = _MOST_BEFORE + max(map(len, _KINDS)) + _MOST_BEHIND
# HCL Notes: each on a line of its own, what it holds below it.
_TO = "to an à a para aan till til do 宛先 收件人 кому"
_TITLE = "subject betreff objet asunto assunto oggetto onderwerp ämne emne temat 件名 主题 тема"
AROUND_BARE = " \t\r\xa0*:"
BARE_TO = frozenset(_TO.split())
BARE_SUBJECT = frozenset(_TITLE.split())


def field_of(line: str) -> str:
    """What the line begins as: SENDER, SUBJECT or OTHER; '' if it is no field."""
    head, colon, _ = line[: _LONGEST + 1].partition(":")
    if not head.isascii() and (not colon or "\uff1a" in head):
        head, colon, _ = head.partition("\uff1a")
    if not colon:
        return ""
    # Most stand bare.
    if kind := _WRITTEN.get(head):
        return kind
    begun = head.lstrip(_BEFORE)
    name = begun.rstrip(_BEHIND)
    if not (kind := _KINDS.get(lowered(name), "")):
        return ""
    close = len(head) - len(begun) <= _MOST_BEFORE and len(begun) - len(name) <= _MOST_BEHIND
    return kind if close else ""


def bare(line: str) -> str:
    """As it stands in BARE_TO and BARE_SUBJECT."""
    return line.strip(AROUND_BARE).casefold()
