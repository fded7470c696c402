"""Whether words beside an approval take something back: no, if, only, perhaps, reject.

Too much doubt costs one more mail; too little, an action that nobody wanted. Scripts without words
in the vocabulary are doubtful as a whole.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from mail.carriers import without_codes
from mail.characters import script_of
from mail.doubt_hints import DoubtHints
from mail.doubt_words import words_of
from mail.vocabulary import DEFAULT, Vocabulary

_DECISIONS = re.compile(r"\b(?:dis|un|re|pre)?-?(?:approv(?!al\b|als\b)|reject)\w*")
_DECIDES = re.compile(r"approv(?!als?\b)|reject")
_QUESTION = re.compile(r"[?\u00bf\u037e\u061f\u055e\u2047-\u2049\u2e2e\ufe56\uff1f]")
# Links hold question marks, and addresses words. What may end a sentence is not taken along.
_LINK = re.compile(r"(?:https?://|www\.)[\x21-\x7e]{0,2000}[a-z0-9/=&#%+_-]", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}(?!\w)", re.IGNORECASE)
# The name before an address, behind a date: agents are called `No Reply` or `Hold`.
_SENDER = re.compile(
    r"(?:[,\d)]|\b[ap]\.?m\.?|\b(?:uhr|schrieb|schreef|skrev))[ \t]{0,4}"
    r"(?:[^\s<>,:\d]{1,40}[ \t]{1,4}){1,4}\(?<[^\s<>@]{1,64}@[^\s<>]{1,255}>"
)
# A day restricts, unless it is gone.
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PAST = re.compile(
    rf"\blast {_DAY}\b|\bon {_DAY},? [^\W\d_]{{1,30}} (?:wrote|said|spoke|met|talked|told)\b"
)
# Thumbs down, crosses, hands and signs that stop, faces that doubt, clocks that wait.
_SIGNS = frozenset(
    "\U0001f44e\u274c\u274e\u2716\u2717\u2718\u2612\U0001f6ab\u26d4\u270b\U0001f590\U0001faf7"
    "\U0001f6d1\U0001f6b7\U0001f6a9\U0001f6a7\U0001f645\U0001f926\U0001f937\u2753\u2754"
    "\U0001f914\U0001f928\U0001f9d0\U0001f620\U0001f621\U0001f92c\U0001f624\U0001f612\U0001f615"
    "\U0001f641\u2639\U0001f61e\U0001f61f\U0001f62c\U0001f92e\U0001f595\U0001f4a9\U0001f631"
    "\u26a0\u23f8\u23f9\u23ef\u23f3\u231b\u23f0\U0001f519\u21a9\u2620\ufffc\ufffd"
)
# Of emojis those that consent, thank, or adorn a signature; nobody can list what all others mean.
_PLAIN_SIGNS = frozenset(
    "\u2705\u2714\u2611\u2713\U0001f44d\U0001f44c\U0001f64f\U0001f44f\U0001f64c\U0001f642\U0001f60a"
    "\U0001f600\U0001f603\U0001f604\U0001f601\U0001f389\U0001f38a\U0001f680\U0001f4aa\U0001f4af\u2b50"
    "\u2728\u2764\U0001f49a\U0001f44b\U0001f91d\U0001f333\U0001f331\U0001f332\u267b\u260e\u2709\U0001f4de"
    "\U0001f4f1\U0001f4e7\U0001f310\U0001f3e2\U0001f4cd\U0001f4e0\u2640\u2642\u2122\xae\xa9"
)
_EMOJI = re.compile(
    "[\u203c\u2049\u25a0-\u25ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
)
_SMILEY = re.compile(r"(?:^|\s)[:;]['-]?[(/\\|P](?!\w)|(?:^|\s);-?\)", re.MULTILINE)
_WORDS = re.compile(r"[^\W\d_]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOTHING = frozenset({"Cf", "Cc", "Co", "Cn", "Cs"})
# In signatures other scripts are let be; these stand in no name that is common.
_FOREIGN_NO = re.compile(
    r"不|未|否|勿|停|拒|取消|却下|中止|保留|待|ない|ません|だめ|ダメ|아니|취소|거부|보류|않|만 "
    r"|\b(?:не|нет|ні|только|лише|если|якщо|пока|до|отмен\w*|отклон\w*|стоп|подожд\w*|μην?|δεν|όχι"
    r"|μόνο|αν|ακύρ\w*|לא|רק|אם|לבטל|لا|ليس|إلغاء|فقط|إذا|رفض)\b"
)
_KINDS = {
    "negation": "may say no",
    "condition": "may set a condition",
    "restriction": "may restrict it",
    "reserve": "may hold a reserve",
    "delay": "may ask to wait",
    "question": "may ask something",
    "taken_back": "may take it back",
}


def find_doubt(text: str, vocabulary: Vocabulary = DEFAULT, where: str = "the note") -> str:
    """Return why `text` beside an approval voids it, '' if it does not."""
    if not text or not _may_doubt(text, vocabulary) or text.isspace():
        return ""
    plain = _plain(text)
    if strange := _strange_signs(text, plain):
        return f"{where} {strange}"
    plain = _without_links(plain)
    if _asks(plain):
        return f"{where} asks a question"
    if strange := _strange(plain, vocabulary):
        return f"{where} holds letters that no rule is for: {strange}"
    words = words_of(plain)
    little = vocabulary.little
    if amount := little.amounts.find_limit(plain, words):
        return f"{where} names an amount: {amount[:40]}"
    if little.sending.are_in(words) and (sent := little.sent_by_others.search(plain)):
        return f"{where} may be somebody else's: {sent[0].strip()[:40]}"
    if decision := _decision_word(plain, words, vocabulary):
        return f"{where} holds a decision word: {decision[:40]}"
    if "day" in plain:
        plain = _PAST.sub(" ", plain)
        words = words_of(plain)
    return _named(vocabulary.doubt_words.find(plain, words), where)


def _may_doubt(text: str, vocabulary: Vocabulary) -> bool:
    """False for most notes: no rule of `find_doubt` can find anything there."""
    smiles = (":" in text or ";" in text) and _SMILEY.search(text)
    if smiles or vocabulary.doubt_hints.signs.search(text):
        return True
    plain = text.lower()
    # What is taken out before rules look makes neighbours of the words around it.
    taken = "ar-" in plain or "://" in plain or "www." in plain or "day" in plain
    decides = "approv" in plain or "reject" in plain
    return taken or decides or vocabulary.doubt_hints.words.are_in(words_of(plain))


def _asks(plain: str) -> bool:
    return "?" in plain or (not plain.isascii() and _QUESTION.search(plain) is not None)


def _strange_signs(text: str, plain: str) -> str:
    if plain.isascii():
        unseen = not _is_printed(plain) and _CONTROL.search(plain) is not None
    else:
        unseen = any(unicodedata.category(c) in _NOTHING and c not in "\n\t\r" for c in plain)
    if unseen:
        return "holds invisible or control characters"
    smiles = (":" in text or ";" in text) and _SMILEY.search(text)
    return "holds a sign that may be a refusal" if smiles or find_sign(text) else ""


def find_sign(text: str) -> str:
    """The same, by emojis and the like alone."""
    if text.isascii():
        return ""
    shown = set(_EMOJI.findall(text)) - _PLAIN_SIGNS
    if shown or not _SIGNS.isdisjoint(text):
        return "a sign beside the words may be a refusal"
    return ""


def find_doubt_aside(lines: Sequence[str], vocabulary: Vocabulary = DEFAULT) -> str:
    """The same for lines that are probably not the writer's own: dates, names and addresses."""
    if not lines:
        return ""
    text = "\n".join(lines)
    hints = vocabulary.doubt_hints
    if len(text) > _SHORT:
        may_doubt = _may_doubt_aside(text, hints)
    else:
        may_doubt = _may_doubt_again(text.encode("utf-8", "surrogatepass").translate(_ALIKE), hints)
    if not may_doubt:
        return ""
    return next(filter(None, (find_aside_doubt(line, vocabulary) for line in lines)), "")


def _may_doubt_aside(text: str, hints: DoubtHints) -> bool:
    """False for most lines: `find_aside_doubt` can find nothing in any of them."""
    plain = text.lower()
    # A code may be broken over two lines.
    if "ar-" in plain or hints.signs_aside.search(text):
        return True
    plain = _without_senders(plain)
    if "?" in plain or (("approv" in plain or "reject" in plain) and _DECIDES.search(plain)):
        return True
    return hints.words_aside.are_in(words_of(plain))


# People sign alike, and programs write dates and names: of short texts it is remembered, whatever
# their numbers are, for no word that may be a doubt holds one.
_SHORT = 200
_ALIKE = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))


@lru_cache(maxsize=1_024)
def _may_doubt_again(text: bytes, hints: DoubtHints) -> bool:
    return _may_doubt_aside(text.decode("utf-8", "surrogatepass"), hints)


def find_aside_doubt(text: str, vocabulary: Vocabulary = DEFAULT) -> str:
    """The same for one of them."""
    where = "a line below"
    plain = _without_senders(_plain(text))
    if not text.isascii() and not _SIGNS.isdisjoint(text):
        return f"{where} holds a sign that may be a refusal"
    if plain.rstrip().endswith("?"):
        return f"{where} asks a question"
    words = words_of(plain)
    little = vocabulary.little
    amount = little.amounts.find(plain, words)
    if amount and not any(piece in plain for piece in little.share_capital):
        return f"{where} names an amount: {amount[:40]}"
    if not plain.isascii() and (foreign := _FOREIGN_NO.search(plain)):
        return f"{where} may take it back: {foreign[0]}"
    if decision := _decisions(plain):
        return f"{where} holds a decision word: {decision[0][:40]}"
    return _named(vocabulary.doubt_words.find_aside(words), where)


def _plain(text: str) -> str:
    # Our own codes and tokens hold digits and letters that look like sums.
    if "ar-" in text.lower():
        text = without_codes(text)
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


# Most text has no sign of what these look for, which is seen at once.
def _is_printed(plain: str) -> bool:
    return plain.replace("\n", " ").isprintable()


def _without_senders(plain: str) -> str:
    return _without_links(_SENDER.sub(" ", plain) if "@" in plain else plain)


def _without_links(plain: str) -> str:
    if "://" in plain or "www." in plain:
        plain = _LINK.sub(" ", plain)
    return _ADDRESS.sub(" ", plain) if "@" in plain else plain


def _decisions(plain: str) -> re.Match[str] | None:
    return _DECISIONS.search(plain) if _DECIDES.search(plain) else None


def _decision_word(plain: str, words: list[str], vocabulary: Vocabulary) -> str:
    if decision := _decisions(plain):
        return decision[0]
    if vocabulary.deciding.isdisjoint(words):
        return ""
    return next((word for word in _WORDS.findall(plain) if vocabulary.decides(word)), "")


def _named(found: tuple[str, str], where: str) -> str:
    kind, words = found
    return f"{where} {_KINDS[kind]}: {words[:40]}" if kind else ""


def _strange(plain: str, vocabulary: Vocabulary) -> str:
    if plain.isascii():
        return ""
    scripts = vocabulary.doubt_words.scripts
    for word in (match[0] for match in _WORDS.finditer(plain)):
        if word.isascii():
            continue
        known = {script_of(char) for char in word}
        if not known <= scripts | {""}:
            return next(char for char in word if script_of(char) not in scripts | {""})
        # A look-alike makes another word of the one that is seen.
        if "LATIN" in known and not known.isdisjoint(("CYRILLIC", "GREEK")):
            return word[:40]
    return ""
