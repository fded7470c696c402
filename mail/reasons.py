"""Why a reply did not count, in words for the person who wrote it. Pure.

The reader says it in short texts of its own (`mail.decision`, `mail.doubt`, `mail.read`), which
also stand in the audit trail. One row a kind of them, known by a word or two, so that a text may
change; the first row that fits counts. What no row knows is shown as it is.
"""

import re
from dataclasses import dataclass

from mail.text import one_line

_FOUND = 40
# What was found is put into a sentence only if it is a word or an amount: never a line.
_SHORT = re.compile(r"[^\s:;<>\"|┆]{1,25}(?: [^\s:;<>\"|┆]{1,25}){0,2}")

_ROWS = (
    # Of the reader's words before a colon, or all of them if the row has a colon; the sentence,
    # with {found} where it names what stands behind the colon.
    (
        r"text part and .*html part",
        "Your mail holds two versions of its text, and they say different things. Write a new "
        "answer, in plain text if your mail program has a choice.",
    ),
    (
        r"longer than",
        "Your mail is longer than what is read. Answer without attachments, and delete the quoted "
        "text.",
    ),
    (
        r"encrypted",
        "Your mail is encrypted, and was not read. Answer without encryption.",
    ),
    (
        r"cannot be read",
        "Your mail holds characters that cannot be read. Answer in plain text, as UTF-8.",
    ),
    (
        r"another request",
        "Your text names another request than the one you answered. Answer the mail of each.",
    ),
    (
        r"no words? of|empty|no own",
        "No words of your own were found in your mail: only quoted text, a signature or an "
        "attachment.",
    ),
    (
        r"invisible|control char",
        "Your text holds characters that cannot be seen, so nobody can tell what it says. They "
        "often come along when text is copied: type the word by hand.",
    ),
    (r"struck", "The first line of your answer is struck through."),
    (
        r"holds no word|emoji",
        "The first line of your answer holds no word. A sign alone is not counted.",
    ),
    (
        r"not to be trusted",
        "The first line of your answer has letters that are not what they look like. Type the word "
        "by hand, in plain Latin letters.",
    ),
    (
        r"first line is not",
        "The first sentence of your answer is not plainly ‹APPROVE› or ‹REJECT›.",
    ),
    (r"sign that may", "Your text holds a sign, such as a picture, that may mean no."),
    (r"question", "Your text asks a question, so it was not taken as your consent."),
    (
        r"amount",
        "Your text names an amount{found}, which may be meant as a limit. An action runs exactly "
        "as it was asked, or not at all.",
    ),
    (
        r"holds an? (?:other )?decision",
        "Your text says ‹APPROVE› or ‹REJECT› again, or a word like them, so nobody could tell "
        "which one is meant.",
    ),
    (
        r"somebody else|quoted by",
        "Part of your text may be somebody else's words. Delete them, and answer in your own.",
    ),
    (
        r"no rule is for|letters that",
        "Your note holds letters that cannot be checked for conditions{found}. Send the word "
        "without a note, or with one in Latin letters.",
    ),
    (
        r"^a line below",
        "A line below your answer, such as your signature, holds a word{found} that may restrict "
        "it or take it back. Delete what stands below.",
    ),
    (
        r"set a condition",
        "Your answer seems to hold a condition{found}. An action runs exactly as it was asked, or "
        "not at all.",
    ),
    (
        r"ask to wait",
        "Your answer seems to ask to wait{found}. An action runs at once, or not at all.",
    ),
    (
        r"ask something",
        "Your text seems to ask something{found}, so it was not taken as your consent.",
    ),
    (
        r"rejection back",
        "Your text says ‹REJECT›, and then takes it back or agrees. Send one of the two words, "
        "alone.",
    ),
    (
        r"may change it",
        "Your text holds words{found} that may change what you agree to. An action runs exactly as "
        "it was asked, or not at all.",
    ),
    (
        r"say no|restrict|reserve|take it back",
        "Your answer holds a word{found} that may restrict it or take it back. An action runs "
        "exactly as it was asked, or not at all.",
    ),
)
_TABLE = tuple((re.compile(words), sentence) for words, sentence in _ROWS)


@dataclass(frozen=True, slots=True)
class Why:
    """One of the two is ''."""

    sentence: str
    """Ours, safe to print anywhere."""
    unknown: str
    """The reader's own text: foreign, as it may repeat what was written."""


def explain(reason: str) -> Why:
    known = reason.strip().casefold()
    # What stands behind the colon may be the person's: it must not choose the sentence.
    rule = known.partition(": ")[0]
    for words, sentence in _TABLE:
        if words.search(known if ": " in words.pattern else rule):
            return Why(sentence.format(found=_found(reason)), "")
    return Why("", reason.strip())


def _found(reason: str) -> str:
    _, _, found = reason.partition(": ")
    shown = one_line(found.replace("-", " "), _FOUND)
    return f' ("{shown}")' if _SHORT.fullmatch(shown) else ""
