"""The words of the lines that programs write above a quote: a row a language.

Every pattern is bounded, so that it takes linear time, and in lower case, which is tried by the
first letter alone; what follows from a match stands in
`mail.attributions`.
"""

import re

from mail.characters import lowered

# What such a line says of the writer, for programs that name no address (Thunderbird, Roundcube,
# KMail, Evolution, mutt, SquirrelMail, Apple Mail in some languages).
_VERBS = (
    r"wrote|writes|said"  # English
    r"|schrieb|schreibt|geschrieben"  # German
    r"|écrit|écrivait|a ecrit"  # French
    r"|escribió|escribio|ha escrito|escribiu"  # Spanish, Galician
    r"|escreveu(?:-nos)?"  # Portuguese
    r"|ha scritto|scrive|scrisse"  # Italian
    r"|va escriure|ha escrit|escrigué"  # Catalan
    r"|schreef|geschreven"  # Dutch
    r"|skrev|skriver|följande|skrifaði|reit"  # Swedish, Danish, Norwegian, Icelandic
    r"|kirjoitti|kirjutas"  # Finnish, Estonian
    r"|rakstīja|rašė|parašė"  # Latvian, Lithuanian
    r"|napisała?|pisze|napsala?|napísala?|napisao|napisala?|piše"  # Slavic, Latin letters
    r"|пишет|написали?|написала|писала?|пише|написав|написао|написа"  # and in Cyrillic ones
    r"|a scris|írta|έγραψε|yazdı|idatzi du"  # Romanian, Hungarian, Greek, Turkish, Basque
    r"|đã viết|menulis"  # Vietnamese, Indonesian, Malay
    r"|كتب|كتبت|كتابة|נכתב|כתב|כתבה|נכתבה|מאת|نوشت|نوشته"  # Arabic, Hebrew, Persian
)
# Scripts without blanks between words, or with endings that blanks do not part.
_JOINED_VERBS = (
    r"写道|寫道|写到|寫到|のメール|書きました|書いた|さんは書|さんが書|作成"  # Chinese, Japanese
    r"|작성|쓴 글|님이 씀|썼습니다"  # Korean
    r"|เขียนว่า|เขียน"
)
_NAMED = rf"(?<!\w)(?:{_VERBS})(?!\w)|{_JOINED_VERBS}"
VERB = re.compile(_NAMED)
# The verb as the last word: `:` or the dashes of Zoho behind it, `(a)` or `/la` for a woman.
WROTE = re.compile(
    rf"(?:{_NAMED})(?:[/(\[]\w{{1,8}}[)\]]?| \([^()]{{0,60}}\))?,?\s*"
    r"(?:[:\uff1a]|-{3,8})\W{0,8}$"
)
# Horde and IMP, in their languages: before a name or an address alone.
QUOTING = re.compile(
    r"\W{0,4}(?:quoting|zitat von|zitiere|quoted from|citando a|citando|selon|citat från|citat fra"
    r"|citaat van|cytowanie|cituji|citace|mensaje citado por|mensagem citada de|quot)(?!\w)"
)
# How such a line begins where it is broken over several.
STARTS = re.compile(
    r"[ \t*_]*(?:"
    r"on|am|le|el|il|em|op|den|på|dne|dňa|dnia|w dniu|pada(?: tanggal)?|vào|la|στις|la data|в|на|у"
    r"|il giorno|kuupäev|în|pe|þann|v|у|missatge|at|a|在|เมื่อ|ในวันที่|في|בתאריך|ב|در|dana|u"
    r"|пн|вт|ср|чт|пт|сб|вс|нд|mon|tue|wed|thu|fri|sat|sun|man|tir|ons|tors?|fre|lör|lør|sön|søn"
    r"|lun|mar|mer|mié|jeu|jue|ven|vie|sam|sáb|dim|dom|mo|di|mi|do|fr|sa|so|ma|ti|ke|to|pe|su|\d{1,4}"
    r"|pon|wt|śr|czw|pt|sob|ndz|po|út|st|čt|pá|ne|ut|št|pi"
    r")\b"
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
# An amount or an order's number is no date: three numbers, or a day with its month or its year. It
# begins with its first digit itself: for that one character a line is searched far faster.
_DATE = re.compile(
    r"\d(?<![\d.,]\d)(?:"
    r"\d{0,3}[-./] ?\d{1,2}[-./] ?\d{1,4}(?!\d)"
    rf"|\d?\.?(?:st|nd|rd|th|er|º)? (?:de |of )?(?:{_MONTHS})(?!\w)"
    r")|\d ?[月월] ?\d{1,2} ?[日일]"
)
# `March 9`: first the number behind a word, for the same reason, and then which word it is.
_NUMBERED = re.compile(r" \d(?<=[\w.] \d)\d?(?!\d)")
_MONTH = re.compile(rf"(?:.*\W)?(?:{_MONTHS})", re.DOTALL)
_LONGEST = 12
DIGIT = re.compile(r"\d")
# Years as Arabic, Persian and Thai calendars and digits write them, too.
YEAR = re.compile(r"(?<!\d)(?:(?:19|20)[0-9]{2}|25[67][0-9]|[٠-٩]{4}|[۰-۹]{4})(?!\d)")
DAY = re.compile(r"(?<![\d.,:])\d{1,2}(?![\d:])")
TIME = re.compile(r"(?<![\d.,:])\d{1,2}:\d{2}(?!\d)")
# Finland, Denmark, Italy, Indonesia: only beside a date, for it may be an amount.
DOT_TIME = re.compile(r"(?<![\d.,:])\d{1,2}[.:]\d{2}(?!\d|[.,]\d)")

# It begins with the sign itself: for that one character a line is searched far faster.
ADDRESS = re.compile(r"@(?<=[^\s@<>]@)[^\s@<>.]{1,64}\.[^\s@<>]")
# Both ends of Novell GroupWise's line, which stands for the quote's mark, too.
GROUPWISE = re.compile(r"[ \t]*>{3}[ \t]{0,4}[^\s>].{2,300}>{3}\s*$")


def holds_date(text: str) -> bool:
    low = lowered(text)
    for match in _NUMBERED.finditer(low):
        word = low[max(0, match.start() - _LONGEST) : match.start()].rpartition(" ")[2]
        if _MONTH.fullmatch(word):
            return True
    return _DATE.search(low) is not None
