"""What the approver writes to a request, by the attack's table."""

from urllib.parse import quote

from demo.letter import Letter
from tests.integration.run import words
from tests.redteam.attack import Attack

REJECT = "REJECT nobody here wants this"


def answer_to(letter: Letter, attack: Attack) -> str:
    """`{token}` and its like stand for what the letter carries."""
    text = next((text for part, text in attack.answers if part in words(letter)), REJECT)
    for name, value in _carried(letter).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _carried(letter: Letter) -> dict[str, str]:
    reference = next(line for line in letter.text.splitlines() if line.startswith("Reference: "))
    code, token = reference.removeprefix("Reference: AR-").split("/")
    return {
        "reference": reference,
        "code": code,
        "token": token,
        "TOKEN": token.upper(),
        "parted": f"{token[:9]}\u200b{token[9:]}",
        "half": token[:14],
        "rest": token[14:],
        "wide": "".join(chr(ord(char) + 0xFEE0) for char in token),
        "spaced": " ".join(token),
        "address": letter.reply_to,
        "encoded": quote(letter.reply_to, safe=""),
        "id": letter.message_id,
    }
