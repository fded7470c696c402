"""Labels of charsets, as mail has them, to the codec that reads what is sent under them.

After the table of labels in the WHATWG Encoding Standard: the label of a small set is read as the
set that contains it, because programs write the larger one under the smaller one's name. Beyond it:
what Windows, Java and old Macs call theirs. `LookupError` never leaves; unknown is ''.
"""

import codecs
import re
from encodings.aliases import aliases
from functools import lru_cache

UTF_7 = "utf-7"
"""No program of today decodes it, and letters hide in it: it gets no codec here."""
ISO_2022_JP = "iso-2022-jp"

_LABEL = 60
_AFTER = re.compile(r"[;,].*", re.DOTALL)
_NOT_ALNUM = re.compile(r"[^a-z0-9]+")
_NUMBERED = re.compile(r"(?:x?(?:windows|win|cp|ms|dos|ibm|ansi)+)(\d{3,5})")
_LATIN = re.compile(r"(?:x?iso)?8859(\d{1,2}?)(?:19\d\d|[ie])?")
_WINDOWS_LATIN = re.compile(r"cp2859(\d)")

# Codecs that Python calls text encodings, but whose output no mail program would show: they spell
# letters by other letters, and some take quadratic time.
_NOT_FOR_MAIL = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
    | {UTF_7}
)
# Wider sets that go under the names of smaller ones.
_WIDER = {
    # Programs write it over whatever they send.
    "ascii": "",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso2022_jp": ISO_2022_JP,
    "iso2022_jp_1": ISO_2022_JP,
    "iso2022_jp_ext": ISO_2022_JP,
}
# Labels without punctuation: codec.
_NAMES = {
    # Nothing is said by these.
    "default": "",
    "none": "",
    "unknown": "",
    "unknown8bit": "",
    "xunknown": "",
    "xuserdefined": "",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "xutf8": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "xunicode20utf8": "utf-8",
    "cp65001": "utf-8",
    "unicode": "utf-16",
    "ucs2": "utf-16",
    "iso10646ucs2": "utf-16",
    "csunicode": "utf-16",
    "unicodefeff": "utf-16",
    "unicodefffe": "utf-16-be",
    "cp1200": "utf-16",
    "cp1201": "utf-16-be",
    "unicode11utf7": UTF_7,
    "xunicode20utf7": UTF_7,
    "csunicode11utf7": UTF_7,
    "cp65000": UTF_7,
    "gb": "gb18030",
    "cngb": "gb18030",
    "xgbk": "gb18030",
    "gb231280": "gb18030",
    "csgb2312": "gb18030",
    "isoir58": "gb18030",
    "xeuccn": "gb18030",
    "cp54936": "gb18030",
    "xgb2312": "gb18030",
    "xmacsimpchinese": "gb18030",
    "hzgb2312": "hz",
    "cp52936": "hz",
    "cnbig5": "big5hkscs",
    "xbig5": "big5hkscs",
    "xxbig5": "big5hkscs",
    "xmactradchinese": "big5hkscs",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "cswindows31j": "cp932",
    "windows31j": "cp932",
    "xmacjapanese": "cp932",
    "xeucjp": "euc_jp",
    "cseucpkdfmtjapanese": "euc_jp",
    "cp51932": "euc_jp",
    "cp50220": ISO_2022_JP,
    "cp50221": ISO_2022_JP,
    "cp50222": ISO_2022_JP,
    "ksc56011989": "cp949",
    "ksc5601": "cp949",
    "isoir149": "cp949",
    "cseuckr": "cp949",
    "csksc56011987": "cp949",
    "xeuckr": "cp949",
    "cp51949": "cp949",
    "xmackorean": "cp949",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "xkoi8r": "koi8-r",
    "cp20866": "koi8-r",
    "koi8ru": "koi8-u",
    "cp21866": "koi8-u",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "csiso88598i": "iso8859-8",
    "csiso88598e": "iso8859-8",
    "csiso88596i": "iso8859-6",
    "csiso88596e": "iso8859-6",
    "suneugreek": "iso8859-7",
    "csisolatin9": "iso8859-15",
    "latin9": "iso8859-15",
    "cp28603": "iso8859-13",
    "cp28605": "iso8859-15",
    "mac": "mac-roman",
    "xmacroman": "mac-roman",
    "csmacintosh": "mac-roman",
    "cp10000": "mac-roman",
    "xmaccyrillic": "mac-cyrillic",
    "xmacukrainian": "mac-cyrillic",
    "xmacce": "mac-latin2",
    "xmaccentraleurroman": "mac-latin2",
    "xmacgreek": "mac-greek",
    "xmacturkish": "mac-turkish",
    "xmacicelandic": "mac-iceland",
}
# Codecs that have no other name.
_UNALIASED = (
    "cp720 cp737 cp856 cp874 cp875 cp1006 koi8_t koi8_u utf_8_sig"
    " mac_arabic mac_croatian mac_farsi mac_romanian"
)
_PYTHONS = {
    _NOT_ALNUM.sub("", name): name for name in (*aliases.values(), *aliases, *_UNALIASED.split())
}


@lru_cache(maxsize=256)
def codec_of(label: str) -> str:
    """The name of a codec, UTF_7 or ISO_2022_JP; '' if the label says nothing."""
    bare = _NOT_ALNUM.sub("", _AFTER.sub("", label[:_LABEL]).lower())
    if match := _NUMBERED.fullmatch(bare):
        bare = f"cp{match[1]}"
    if bare in _NAMES:
        return _NAMES[bare]
    if match := _LATIN.fullmatch(bare) or _WINDOWS_LATIN.fullmatch(bare):
        bare = f"iso8859{match[1]}"
    return _pythons(bare)


def _pythons(bare: str) -> str:
    # Python imports a module for a name it does not know, and remembers each for ever.
    if bare not in _PYTHONS:
        return ""
    try:
        codec = codecs.lookup(_PYTHONS[bare])
    except LookupError:
        return ""
    plain = codec.name.replace("_", "-")
    if not getattr(codec, "_is_text_encoding", True) or plain in _NOT_FOR_MAIL:
        return UTF_7 if plain == UTF_7 else ""
    return _WIDER.get(codec.name, codec.name)
