"""Bytes of a text to what a mail program shows of them, whatever their label says.

In this order: a byte order mark; pure ASCII; UTF-8, under whatever label, because hardly any text
in another charset is valid UTF-8 by chance; the declared charset; Windows-1252, as Western text
without a true label is. What fits none becomes U+FFFD, so that nobody takes it for read.
"""

import codecs
import re

from mail.charset_labels import ISO_2022_JP, UTF_7, codec_of

UNREAD = "\ufffd"
"""Stands for bytes that no rule could read."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_OF_MARKS = frozenset(mark[:1] for mark, _ in _MARKS)
_STATEFUL = frozenset({ISO_2022_JP, "hz", "iso2022_kr", UTF_7})
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([IJ])")
_JIS = bytes(range(0x21, 0x7F))
_KOREAN = b"\x1b$)C"
# Two-byte sets, whose text is now and then valid UTF-8 of two-byte letters.
_TWO_BYTES = frozenset({"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "johab"})
_CHANCE = 3
_THREE_BYTES = re.compile(rb"[\xe0-\xf4]")
_LONE_LETTER = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
_UTF_7_SHIFT = re.compile(r"\+[A-Za-z0-9+/]+-?")
_WIDE = {"utf-16": 2, "utf-16-le": 2, "utf-16-be": 2, "utf-32": 4, "utf-32-le": 4, "utf-32-be": 4}
# Western text has no words of nothing but letters beyond ASCII, and hardly four of them in a row.
_LONG_RUN = re.compile(rb"[\x80-\x9f\xa1-\xff]{4}")
_FOREIGN_WORD = re.compile(rb"(?<![A-Za-z\xa1-\xff])[\xa1-\xff]{2,}(?![A-Za-z])")
_SIGNS = b"\xa7\xab\xbb"  # § « », that stand beside others and each other


def decode_charset(raw: bytes, label: str) -> str:
    codec = codec_of(label)
    if raw[:1] in _FIRST_OF_MARKS:
        for mark, name in _MARKS:
            if raw.startswith(mark):
                return raw[len(mark) :].decode(name, "replace")
    # Bytes below 128 that mean something else than ASCII: shifts of ISO 2022.
    shifts = b"\x1b" in raw or b"\x0e" in raw or b"\x0f" in raw
    if raw.isascii() and codec not in _STATEFUL and not shifts:
        return _wide(raw, codec) if b"\0" in raw else raw.decode("ascii")
    if codec == UTF_7:
        # Undecoded, as programs show it; a shifted word must neither decide nor go unseen.
        return _UTF_7_SHIFT.sub(UNREAD, _eight_bit(raw, ""))
    if codec in ("", "utf-8", "cp1252") and shifts:
        codec = _shifted(raw) or codec
    if codec in _STATEFUL:
        return _iso_2022_jp(raw) if codec == ISO_2022_JP else _replaced(raw, codec)
    return _eight_bit(raw, codec)


def _eight_bit(raw: bytes, codec: str) -> str:
    text = _strictly(raw, "utf-8")
    if text is not None and not (codec in _TWO_BYTES and _by_chance(raw, text, codec)):
        return text
    if codec in _WIDE:
        return _wide(raw, codec)
    if codec not in ("", "utf-8", "cp1252"):
        return _replaced(raw, codec)
    # Programs and gateways add lines of their own in another charset.
    return "\n".join(_line(line, codec) for line in raw.split(b"\n"))


def _line(line: bytes, codec: str) -> str:
    text = _strictly(line, "utf-8")
    if text is not None:
        return text
    if not _is_western(line, codec):
        return line.decode("utf-8", "replace")
    text = _strictly(line, "cp1252")
    return line.decode("latin-1") if text is None else text


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeError:
        return None


def _replaced(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec, "replace")
    except (UnicodeError, ValueError):
        # Some codecs know no way to go on.
        return raw.decode("ascii", "replace")


def _by_chance(raw: bytes, text: str, codec: str) -> bool:
    """Whether a few letters that are valid UTF-8 are more likely of the declared charset."""
    beyond = sum(not char.isascii() for char in text)
    return (
        beyond <= _CHANCE
        and not _THREE_BYTES.search(raw)
        and not _LONE_LETTER.search(text)
        and _strictly(raw, codec) is not None
    )


def _is_western(line: bytes, codec: str) -> bool:
    if codec != "cp1252" and _LONG_RUN.search(line):
        return False
    return not any(word.strip(_SIGNS) for word in _FOREIGN_WORD.findall(line))


def _wide(raw: bytes, codec: str) -> str:
    """UTF-16 and UTF-32; Windows writes them with their low byte first, RFC 2781 says high."""
    if codec not in _WIDE:
        return raw.decode("ascii")
    if codec in ("utf-16", "utf-32"):
        last = _WIDE[codec] - 1
        step = last + 1
        high_first = raw[::step].count(0) > raw[last::step].count(0)
        codec = f"{codec}-{'be' if high_first else 'le'}"
    return raw.decode(codec, "replace")


def _shifted(raw: bytes) -> str:
    """Japanese and Korean programs wrote ISO 2022 with no label."""
    if _JAPANESE.search(raw):
        return ISO_2022_JP
    return "iso2022_kr" if raw.lstrip().startswith(_KOREAN) else ""


def _iso_2022_jp(raw: bytes) -> str:
    """As Windows writes it: with the rows of NEC and IBM, which Python's codec refuses."""
    pieces = re.split(rb"\x1b(\$[@B]|\$\(D|\([BIJH])", raw)
    texts = [_shift_free(pieces[0])]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in (b"$@", b"$B"):
            texts.append(_kanji(piece))
        elif escape == b"$(D":
            texts.append((b"\x1b$(D" + piece).decode("iso2022_jp_2", "replace"))
        elif escape == b"(I":
            high = bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece)
            texts.append(high.decode("cp932", "replace"))
        else:
            texts.append(_shift_free(piece))
    return "".join(texts)


def _shift_free(piece: bytes) -> str:
    return piece.decode("utf-8", "replace").replace("\x1b", UNREAD)


def _kanji(piece: bytes) -> str:
    """JIS X 0208 as Shift JIS; whatever is no such byte ends it, as the end of a line does."""
    end = len(piece) - len(piece.lstrip(_JIS))
    moved = bytearray()
    for high, low in zip(piece[:end:2], piece[1:end:2], strict=False):
        moved.append((high + 1) // 2 + (0x70 if high < 0x5F else 0xB0))
        moved.append(low + (0x1F + (low >= 0x60) if high % 2 else 0x7E))
    text = bytes(moved).decode("cp932", "replace") + UNREAD * (end % 2)
    return text + _shift_free(piece[end:])
