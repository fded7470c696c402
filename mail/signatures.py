"""What stands below a person's words in plain text: closings, signatures, what phones add.

What a program adds is known as a whole line only, in words that are all listed: anything else would
let a person's words pass for a program's.

Patterns are in lower case, which is tried by the first letter alone; CLOSED_BY_NAME is not.
"""

import re

_EDGE = r"[ \t\xa0]*"
_END = r"[ \t\r\xa0\u200b\u200c\u200d]*$"

# RFC 3676 §4.3, and how people write it.
DASHES = re.compile(rf"[ \t]?(?:--|—|_{{2,7}}){_END}")

# Alone on its line: a name follows, and what a mail program puts below it.
_CLOSINGS = (
    r"(?:(?:with )?(?:best|kind|kindest|warm|warmest) )?(?:regards|wishes)|best|all the best"
    r"|yours(?: sincerely| faithfully| truly)?|sincerely(?: yours)?|respectfully|cheers|br|rgds"
    r"|(?:mit )?(?:freundliche|beste|viele|liebe|herzliche|schöne)[nrm]?"
    r" gr(?:ü|ue)(?:ß|ss)(?:en?)?|gruß|grüße|mfg|lg|vg|hochachtungsvoll"
    r"|(?:bien )?cordialement|bien à vous|cdlt|salutations(?: distinguées)?|bonne journée"
    r"|amicalement|saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|atte\.?|cordialmente"
    r"|atenciosamente|att\.?|abraços?|com os melhores cumprimentos|cumprimentos"
    r"|(?:cordiali|distinti) saluti|saluti|un saluto"
    r"|met vriendelijke groet(?:en)?|(?:vriendelijke )?groet(?:en|jes)?|mvg"
    r"|med vänliga? hälsning(?:ar)?|vänliga hälsningar|hälsningar|mvh|med venlig hilsen|hilsen"
    r"|med vennlig hilsen|vennlig hilsen|venlig hilsen|(?:ystävällisin )?terveisin|terv\.?"
    r"|(?:z poważaniem|pozdrawiam)(?: serdecznie)?|s pozdrav[eo]m|lep pozdrav|srdačan pozdrav"
    r"|lijep pozdrav|pozdrav|üdvözlettel|cu stimă|saygılarımla|iyi çalışmalar|trân trọng"
    r"|lugupidamisega|pagarbiai|ar cieņu|kveðja|salam hormat"
    r"|с уважением|з повагою|με εκτίμηση|בברכה|مع تحياتي"
    r"|warmly|cdt|amitiés|敬具|kh|vh|dbh|ystävällisesti|üdv|tisztelettel|s úctou|s pozdravom|lp"
    r"|(?:以上、?)?(?:何卒|どうぞ)?(?:よろしく|宜しく)お願い(?:いた|致|申し上げ)?(?:し)?ます。?|此致|敬礼|祝好|ขอแสดงความนับถือ"
)
CLOSING = re.compile(rf"{_EDGE}(?:{_CLOSINGS})[ ,.!~–-]*{_END}")
# With the name in the same line, or the place: `Grüße aus Köln`.
_PLACED = "aus|from|de|depuis|desde|da|uit|från|fra|z"
CLOSED_BY_NAME = re.compile(
    rf"{_EDGE}(?i:{_CLOSINGS})(?:[ ,.!~–-]{{1,3}}| (?:{_PLACED}) )[^\W\d_a-zß-öø-ÿ][\w.'’-]{{0,20}}"
    rf"(?: [^\W\d_a-zß-öø-ÿ][\w.'’-]{{0,20}}){{0,2}}{_END}"
)
# In Korean behind it: `김민수 드림`.
NAME_CLOSED = re.compile(
    rf"{_EDGE}[\uac00-\ud7af]{{2,6}}(?: [\uac00-\ud7af]{{1,6}})? (?:드림|올림|배상)\.?{_END}"
)
# These close a mail, and begin a request as well: `Thanks` and then what is asked for.
THANKS = re.compile(
    rf"{_EDGE}(?:(?:many )?thanks(?: again| a lot| and regards)?|thank you(?: very much)?|thx|tia"
    r"|danke(?: schön)?|vielen dank|merci(?: beaucoup)?|(?:muchas )?gracias|(?:muito )?obrigad[oa]"
    rf"|grazie(?: mille)?|(?:be)?dankt?|tack|takk|tak|kiitos|dziękuję)[ ,.!~–-]*{_END}"
)
# People's words again, wherever they stand.
POSTSCRIPT = re.compile(
    rf"{_EDGE}(?:p\.?\s?s\.?|p\.?\s?d\.?|n\.?b\.?|note|nachtrag|btw|edit|update|also)(?!\w)"
)

_DEVICE = (
    r"iphone|ipad|ipod|apple watch|mac(?:book)?|android|galaxy|samsung|blackberry|windows|huawei"
    r"|xiaomi|redmi|oneplus|oppo|vivo|realme|honor|motorola|moto|sony|xperia|htc|lg|lenovo|pixel"
    r"|nokia|fairphone|surface|mobile|mobil|mobilgerät|handy|smartphone|(?:cell ?|tele)?phone"
    r"|téléphone|portable|móvil|teléfono|celular|telemóvel|telefono|cellulare|telefoon|mobiel"
    r"|telefon|mobiltelefon|tablet|handheld|laptop|computer|pc|outlook|yahoo|aol|gmail|gmx|telekom|web\.de"
    r"|(?:e-?)?mail|proton|protonmail|spark|superhuman|hey|tuta(?:nota)?|fastmail|airmail|verizon"
    r"|t-mobile|vodafone|o2|at&t|bluemail|aqua ?mail|fairemail|nine|edison|k-9|mymail|thunderbird"
    r"|appareil|dispositivo|toestel|enhet|enhed|canary|libero|orange|wechat|qq|wiko|typeapp|mailbox|alcatel|sparrow|polymail|mailspring|newton|postbox|zte|meizu|nord|poco|tcl|cell|网易邮箱大师|华为手机|小米手机|手机"
)
# What may stand behind a device: its model, its network, the program on it.
_MORE = (
    rf"{_DEVICE}|pro|max|plus|mini|ultra|lite|edge|note|air|duo|fold|flip|se|5g|4g|lte|wireless"
    r"|network|device|devices|app|secure|for|on|by|using|with|the|my|ios|ipados|gerät|appli|mit|von"
    r"|freemail|para|per|voor|für|pour|[a-z]?\d{1,4}[a-z+]?"
)
_TYPOS = r"typos?|brevity|errors|mistakes|spelling|autocorrect|terseness|auto-?correct|fat fingers"
_EXCUSE = (
    r"(?:please )?(?:excuse|pardon|forgive|sorry for|apologies for)(?: (?:the|any|my|all))?"
    rf" (?:{_TYPOS})(?:(?: and | or | & |/| / |, )(?:any |my |the )?(?:{_TYPOS})){{0,2}}"
    r"|bitte entschuldigen sie (?:die kürze|(?:etwaige )?tippfehler)"
)
_SENT = (
    r"(?:sent|typed|written|composed) (?:from|via|with|on|using) (?:my |the |a )?"
    r"|get |holen sie sich |obtenir |télécharger |obtén |obter |scarica |ottieni |hämta |pobierz "
    r"|(?:diese (?:nachricht|e-?mail|mail) wurde )?(?:gesendet )?(?:von|mit) "
    r"(?:meine[mr](?:/meine[mr])? |der )?"
    r"(?:mobilen )?|envoyée? (?:de|depuis|à partir de) (?:mon |ma )?"
    r"|enviado (?:desde|do|de|a partir do|por) (?:mi |meu |o )?|enviat des del meu "
    r"|inviato da(?:l mio|lla mia)? |(?:verstuurd|verzonden) (?:vanaf|met|via) (?:mijn )?"
    r"|skickat från (?:min )?|sendt fra (?:min )?|lähetetty |wysłan[eo] z (?:mojego )?"
    r"|odesláno z (?:mého )?|odoslané z (?:môjho )?|poslano z (?:mojega |mojeg )?"
    r"|отправлено (?:с|из|со) (?:моего )?|надіслано з (?:мого )?|στάλθηκε από το "
    r"|trimis de pe |gửi từ |dikirim dari |saadetud minu |발송: |发自我的|发自|从我的|傳送自|從我的"
    r"|נשלח מה-|ส่งจาก |تم الإرسال من |나의 "
)
_SUFFIX = (
    r"(?: gesendet| verschickt)|['’]?umdan gönderildi|['’]?a|ani|(?:ی| )?から送信|[ \xa0]?发送"
    r"|[ \xa0]?傳送|에서 보냄| μου| שלי| của tôi| ของฉัน| saya|-ul meu|['’]?ist|sta|lta|u"
)
_LINK = r"https?://[\x21-\x3d\x3f-\x7e]{1,400}"
# RFC 3676 has no rule for these: the whole line, so that nothing else hides in it.
PROGRAM = re.compile(
    rf"{_EDGE}(?:"
    rf"(?:{_SENT}) ?(?:{_DEVICE})(?:{_SUFFIX})?(?:(?: |-|, |/)(?:{_MORE})){{0,8}}"
    rf"(?:{_SUFFIX})?"
    r"|iphone(?:['’]umdan gönderildi|から送信)"
    rf")(?: ?(?:<{_LINK}>|\( ?{_LINK} ?\)))?(?:[ ]?[.,;–-]? ?(?:{_EXCUSE}))?[.!]?{_END}"
)
# Some gateways and programs write this below every mail: all words of it, for the same reason.
_PRINTED = r"(?: (?:this|the|your))?(?: (?:e-?mail|mail|message))?"
ENVIRONMENT = re.compile(
    rf"{_EDGE}(?:[p🌳🌱🌲♻] ?)?(?:(?:please )?(?:consider|think (?:of|about)) (?:the|our)"
    rf" environment before (?:you )?print(?:ing)?{_PRINTED}"
    r"|(?:please )?(?:don['’]t|do not) print this e-?mail unless (?:it is |you )?(?:really )?"
    r"(?:necessary|need to|have to)"
    r"|pensez à l['’]environnement avant d['’]imprimer(?: ce (?:message|mail|courriel|e-?mail))?"
    r"|antes de imprimir(?: este (?:mensaje|correo|e-?mail))?,? piense en el (?:medio ?)?ambiente"
    r"|antes de imprimir,? pense no (?:meio )?ambiente"
    r"|prima di stampare,? pensa all['’]ambiente"
    # Mailman, below a line that it draws.
    r"|[\w.-]{2,60} mailing list"
    # Outlook and Gmail put the name of a picture in its place.
    r"|\[(?:cid:|image:? |inline image |bild:? |logo)[^\[\]]{1,120}\]"
    # Avast, in a dozen languages.
    r"|(?:virus-free|virenfrei|sans virus|libre de virus|privo di virus|livre de vírus|virusvrij)"
    rf"[. ]{{0,2}}(?:www\.avast\.com)?(?: ?<{_LINK}>)?"
    r"|bitte denken sie an die umwelt,? bevor sie diese e-?mail (?:aus)?drucken"
    rf"|denk aan het milieu voordat u (?:deze e-?mail|dit bericht) (?:af|uit)?print)[.!]?{_END}"
)

# Between the names of people and companies, in titles and in streets.
_PARTICLES = (
    "of and for the in at und für im am der die das bei von vom zu van den het en de du la le les"
    " et des pour del y e da do dos di della a au aux tel fax mob phone mobile web www"
)
_SMALL = frozenset(_PARTICLES.split())
_LOWER = re.compile(r"(?<![\w@./:-])[a-zß-öø-ÿ][a-zß-öø-ÿ'’]*(?![\w@/:-]|\.\w)")


def lower_words(line: str) -> int:
    """How many words of the line begin small and are none that names and titles hold."""
    return len([word for word in _LOWER.findall(line) if word not in _SMALL])
