"""Automatic mail without any mark of it, by how its words begin: rules of Outlook.com and others.

Asked only where no decision was read, so no rule here can take one away. People write "I am out of
the office", too: the words have to stand at the start, with a second sign beside them, and without
anything that speaks of the approval.
"""

import re
import unicodedata

from mail.absence_words import ABSENCES
from mail.automatic_subjects import is_answered_absence
from mail.quotes import own_text

# Where an absence has to be named, and how much is searched for signs.
_OPENING = 300
_TEXT = 1_500

# What a person says about what was asked. A notice says "approvals" only of whom to ask instead.
_PERSONAL = re.compile(
    r"\b\w?pprov(?:e|ed|ing)\b|\b\w?eject|\?|\b(?:look|check|review|decide)\w*\b.{0,20}"
    r"\b(?:it|this)\b|\bgenehmig|\bfreigeb|\bablehn|\babgelehnt|\bzustimm|\bapprouv"
    r"|\bvalid(?:e|er)\b"
    r"|\brefus|\bapr(?:ueb|ob)|\brechaz|\baprov|\brejeit|\brifiut|\bgoedkeur|\bgoedgekeurd"
    r"|\bafgewez"
    r"|\bgodkänn|\bgodkend|\bgodkjenn|\bavsl|\bhyväksy|\bhylk|\bzatwierdz|\bodrzuc|\bschval"
    r"|\bschvál"
    r"|\bzamít|\bjóváhagy|\belutasít|\bonayl|\breddet|одобр|утвержд|отклон|схвал|відхил"
    r"|承認|却下|批准|同意|拒绝|拒絕|승인|거부|거절",
    re.IGNORECASE,
)
# (a piece of it, in lower case; what is said in the first lines; which program): our mail waits for
# somebody to let it through, or was taken by a desk.
_HELD = tuple(
    (piece, re.compile(words, re.IGNORECASE | re.DOTALL), whose)
    for piece, words, whose in (
        ("human", r"verify that you are a (?:real )?(?:live )?human", "BoxTrapper"),
        (
            "senders",
            r"(?:takes|accepts?|allow)\b.{0,60}\b(?:from|by)\b.{0,20}"
            r"\b(?:approved|verified|known|authori[sz]ed) senders",
            "spam filters that ask for proof",
        ),
        ("beforehand", r"senders i have approved beforehand", "EarthLink spamBlocker"),
        (
            "link",
            r"(?:click|follow|visit)\b.{0,40}\blink\b.{0,200}\b(?:approve|verify|authenticate"
            r"|confirm|add) (?:yourself|your (?:e-?mail|address|identity|message))",
            "Spam Arrest",
        ),
        (
            "junk",
            r"protecting (?:myself|itself|my mailbox) from (?:receiving )?junk",
            "Spam Arrest",
        ),
        ("tmda", r"created automatically by mail delivery software \(tmda\)", "TMDA"),
        (
            "held because",
            r"message\b.{0,80}\bheld because the address .{0,100} has not been"
            r" (?:verified|confirmed)",
            "TMDA",
        ),
        (
            " moderat",
            r"(?:awaits?|awaiting|pending|requires?) (?:the )?moderat(?:or|ion)"
            r"|forwarded to the (?:list )?moderators?"
            r"|message to the (?:group|list)\b.{0,120}\b(?:moderated|approved by)"
            r"|\b(?:is|being|been) (?:held|waiting|queued)\b.{0,80}\bmoderator",
            "Mailman, Sympa, Google Groups, ezmlm",
        ),
        (
            "your m",
            r"your (?:message|mail)\b.{0,120}\b(?:is|has been) (?:being )?"
            r"(?:held|waiting|queued|quarantined|placed on hold)\b.{0,120}"
            r"\b(?:approval|verif|confirm|authenticat|released?)",
            "spam filters that ask for proof",
        ),
        (
            "cliqu",
            r"(?:mailinblack|prot[eè]ge ma (?:bo[iî]te|messagerie)).{0,300}\bcliqu",
            "Mailinblack",
        ),
        ("uol", r"antispam uol|uol antispam", "UOL AntiSpam"),
        (
            " been ",
            r"your (?:request|ticket|case|enquiry|inquiry)\b.{0,60}\b(?:has been|was) "
            r"(?:received|created|opened|logged|registered)\b.{0,200}(?:#|support|team|agent)",
            "Zendesk, Freshdesk, Jira",
        ),
        ("return receipt", r"return receipt.{0,20}\byour document:", "Notes"),
    )
)
_ABSENCES = tuple(
    (
        language,
        tuple(pieces.split("|")),
        re.compile(begin, re.IGNORECASE),
        re.compile(signs, re.IGNORECASE),
    )
    for language, pieces, begin, signs in ABSENCES
)
_PIECES = (*(row[0] for row in _HELD), *(piece for row in _ABSENCES for piece in row[1]))
_ASCII_PIECES = tuple(filter(str.isascii, _PIECES))


def automatic_words(subject: str, text: str, note: str) -> str:
    """The rule by which a text is automatic; '' if none does. `note` is what was read from it as
    its writer's own."""
    said = note[:_TEXT].lower()
    # Most mail is a person's, and ends here.
    if not any(map(said.__contains__, _ASCII_PIECES if said.isascii() else _PIECES)):
        return ""
    own = _flat(note)
    held = [(words, whose) for piece, words, whose in _HELD if piece in said and words.search(own)]
    absences = [
        row
        for row in _ABSENCES
        if any(piece in said for piece in row[1]) and row[2].search(own[:_OPENING])
    ]
    if not held and not absences:
        return ""
    # The note does not tell a decision that something has voided, and stands before such words.
    own = _flat(" ".join(own_text(text).lines))
    for words, whose in held:
        if _starts(own, words):
            return f"notice by its words: {whose}"
    for language, _, begin, signs in absences:
        if _is_absence(subject, own, begin, signs):
            return f"absence notice by its words ({language})"
    return ""


def _flat(text: str) -> str:
    """As one reads it: a word in full-width letters may decide nothing, and is a person's still."""
    return unicodedata.normalize("NFKC", " ".join(text[:_TEXT].split()))


def _starts(own: str, words: re.Pattern[str]) -> bool:
    """Whether it says so before it says anything of the approval."""
    match = words.search(own)
    return match is not None and not _PERSONAL.search(own[: match.start()])


def _is_absence(subject: str, own: str, begin: re.Pattern[str], signs: re.Pattern[str]) -> bool:
    if not _starts(own[:_OPENING], begin):
        return False
    found = {sign[0].lower() for sign in signs.finditer(own)}
    found |= {"subject"} if is_answered_absence(subject) else set()
    # A notice that names whom to ask for an approval has more than one sign beside it.
    return len(found) >= (3 if _PERSONAL.search(own) else 1)
