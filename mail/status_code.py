"""Why mail was not delivered, as a status code of RFC 3463, from what programs write.

The code itself where the text has one; else an SMTP reply code's class (RFC 5321 §4.2) and what
the words say; else '' for a text that says neither.
"""

import re

LONGEST = 16 * 1024

# All are looked for in lower case: told to ignore case, a pattern takes twice as long.
# Most exact first. After a reply code, in brackets, after # (qmail), or behind its own name.
_ENHANCED = (
    re.compile(
        r"(?:(?<!\d)[45]\d\d[ \t:-]{1,2}#?|[#(\[]|(?:dsn|status|code)[ :=]{1,3})"
        r"([45]\.[0-7]\.\d{1,3})(?![.\d])"
    ),
    re.compile(r"(?<![\w.])([45]\.[0-7]\.\d{1,3})(?![.\w])"),
)
_LEADING = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?![.\d])")
# At a line's start, or behind what announces it, so that a size or a year is none.
_REPLY = re.compile(
    r"(?:^[\s<>*]{0,20}|[:,'\"(=]\s{0,3}|\b(?:said|returned|error|code|reply|response)\s{1,3})"
    r"([45][0-5]\d)(?=[ \t:,;)'\"-]|$)(?! bytes)",
    re.MULTILINE,
)
# What each of these holds, for texts without any.
_LIKE_ENHANCED = re.compile(r"[45]\.[0-7]\.\d")
_LIKE_REPLY = re.compile(r"[45][0-5]\d")
# (what the words are, subject and detail of RFC 3463 §3); the first that is found counts.
_WORDS = tuple(
    (re.compile(words), detail)
    for words, detail in (
        # Exim, sendmail, Exchange, Gmail, Yahoo; then as providers elsewhere write it.
        (
            r"(?:mail(?:box|folder)|inbox|account|quota|storage|disk)\W.{0,30}"
            r"\b(?:full|exceeded|over ?quota|exhausted|out of space)"
            r"|over (?:(?:the|its|allowed|disk|mail ?box) ){0,3}quota"
            r"|quota exceeded|exceeded\W.{0,20}quota"
            r"|insufficient (?:disk|storage|system storage)|not enough (?:disk |storage )?space"
            r"|postfach.{0,20}voll|bo[iî]te.{0,40}pleine|buz[oó]n.{0,30}llen|casella.{0,30}piena"
            r"|переполнен|邮箱.{0,10}满|郵箱.{0,10}滿|メールボックス.{0,10}一杯"
            r"|容量.{0,20}(?:超|一杯)",
            "2.2",
        ),
        (
            r"(?:host|domain)(?: or domain)?(?: name)?(?: is)?"
            r" (?:unknown|not found|does not exist|lookup fail)|unknown host|no such domain"
            r"|(?:couldn['’]t|could not|cannot|unable to) (?:find|resolve) (?:any )?(?:host"
            r"|domain"
            r"|mail server|a mail exchanger)|host \S{1,100} not found|nxdomain"
            r"|name service error|unrout(?:e)?able"
            r"|mx records point to non-existent|bad destination (?:host|system)|no valid mx"
            r"|域名.{0,10}(?:不存在|无法)",
            "1.2",
        ),
        (
            r"(?:user|account|recipient|mailbox|address)\W{1,3}(?:is |has been |was )?"
            r"(?:currently )?(?:disabled|inactive|suspended|deactivated|closed|not active)"
            r"|disabled (?:user|mailbox|account)|inactive (?:user|mailbox|account)",
            "2.1",
        ),
        (
            r"(?:user|recipient|mailbox|account|address|name)\W.{0,60}?\b(?:unknown"
            r"|not (?:found|exist|known|listed|recognized|local)|n['’]t (?:be found|exist)"
            r"|couldn['’]t be found|wasn['’]t found|isn['’]t listed|invalid|no longer)"
            r"|unknown (?:user|recipient|address|account|local|mailbox|or illegal alias)"
            r"|no (?:such|valid) (?:\w+ )?(?:user|recipient|mailbox|address|account|person)"
            r"|(?:invalid|bad|non-?existent) (?:\w+ )?(?:user|recipient|mailbox|address|account)"
            r"|not a (?:registered|valid) (?:\w+ )?(?:user|recipient|mailbox|address)"
            r"|(?:doesn['’]t|does not) have an? .{1,60} account|no mailbox (?:here|by that name)"
            r"|not listed in (?:domino|public)|couldn['’]t be found|address not found"
            r"|nicht gefunden|existiert nicht|n['’]existe pas|introuvable|no existe|não existe"
            r"|non esiste|bestaat niet|не найден|не существует|不存在|存在しません|見つかりません"
            r"|없는 (?:사용자|계정|주소)",
            "1.1",
        ),
        (
            r"(?:message|mail|size)\W.{0,30}\b(?:too (?:large|big|long)|exceed\w* .{0,30}size"
            r"|size limit|size exceeds)"
            r"|(?:exceed\w*|over) .{0,40}\b(?:message|maximum|size) (?:size|limit)",
            "3.4",
        ),
        (
            r"connection (?:timed out|refused|reset|dropped|failed)|no route to host|no answer"
            r"|(?:could not|couldn['’]t|cannot|unable to) connect|not responding|did not respond"
            r"|servers? (?:is |are )?(?:unreachable|unavailable|not available)",
            "4.1",
        ),
        (
            r"retry time(?:out)? (?:not reached|exceeded)|delivery (?:time )?expired"
            r"|(?:has|have) been (?:in the queue|on the queue|undeliverable) (?:too long|for)"
            r"|message expired|expired after|undelivered after|wasn['’]t delivered after",
            "4.7",
        ),
        (r"too many hops|mail (?:is )?loop|routing loop|loops back to|hop count", "4.6"),
        (
            r"spam|blacklist|blocklist|blocked|virus|access denied|relay(?:ing)? (?:not|denied)"
            r"|not (?:allowed|permitted|authori[sz]ed|a member|accept)|permission|policy|rejected"
            r"|refused|moderat|denied|prohibited|restrict|unauthenticated|拒绝|被拒|спам",
            "7.1",
        ),
    )
)


def enhanced(value: str) -> str:
    """The code that a Status field begins with (RFC 3464 §2.3.4), else ''."""
    match = _LEADING.match(value)
    return match[1] if match else ""


def code_in(text: str) -> str:
    """The code of RFC 3463 that stands somewhere in a text, else ''."""
    return _enhanced_in(text[:LONGEST].lower())


def status_in(text: str, kind: str = "") -> str:
    """What a text says of a failure; `kind` is the class (4 or 5) where no code of it tells one."""
    text = text[:LONGEST].lower()
    if code := _enhanced_in(text):
        return code
    reply = _REPLY.search(text) if _LIKE_REPLY.search(text) else None
    detail = next((detail for words, detail in _WORDS if words.search(text)), "")
    if not (reply or detail):
        return ""
    # A server that could not be reached may be tomorrow; what is unknown or full is so for now.
    likely = kind or ("4" if detail.startswith("4.") else "5")
    return f"{reply[1][0] if reply else likely}.{detail or '0.0'}"


def _enhanced_in(text: str) -> str:
    if not _LIKE_ENHANCED.search(text):
        return ""
    found = (pattern.search(text) for pattern in _ENHANCED)
    return next((match[1] for match in found if match), "")
