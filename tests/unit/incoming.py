"""Messages as approvers' mail programs send them, for the tests of reading."""

from mail.read import read
from mail.reply import Decision, Refusal, Reply
from mail.vocabulary import DEFAULT, Vocabulary

REQUEST_ID = "AR-7K2M9QXD4T"
TOKEN = "ab" * 14
REFERENCE = f"Reference: {REQUEST_ID}/{TOKEN}"
SUBJECT = f"Re: Approval needed: Refund 120.00 EUR for order 1042 [{REQUEST_ID}]"
ATTRIBUTION = "On Mon, Nov 23, 2026 at 8:00 AM Shop agent <agent@shop.test> wrote:"


def message(body: str, content_type: str = "text/plain", **headers: str) -> bytes:
    """One part, UTF-8. `headers` are added, with `_` for `-`; an empty one is left out."""
    fields = {
        "From": "Ines Roth <ines@example.com>",
        "To": "agent@shop.test",
        "Subject": SUBJECT,
        "Message-ID": "<1@example.com>",
        "Content-Type": f"{content_type}; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}\r\n{body}".encode("utf-8", "surrogatepass")


def multipart(kind: str, *parts: tuple[str, str]) -> bytes:
    """`parts` are a part's header lines (or bare content type) and its body."""
    chunks = []
    for head, body in parts:
        fields = head if ":" in head else f"Content-Type: {head}; charset=utf-8"
        chunks.append(f"--edge\r\n{fields}\r\n\r\n{body}\r\n")
    body = "".join(chunks) + "--edge--\r\n"
    return message(body, Content_Type=f'multipart/{kind}; boundary="edge"')


def alternative(plain: str, html: str) -> bytes:
    return multipart("alternative", ("text/plain", plain), ("text/html", html))


def reading(raw: bytes, *sent: bytes, vocabulary: Vocabulary = DEFAULT) -> Reply:
    result = read(raw, sent, vocabulary)
    assert not isinstance(result, Refusal), result.reason
    return result


def decided(body: str, content_type: str = "text/plain", **headers: str) -> Decision:
    return reading(message(body, content_type, **headers)).decision


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}" for line in text.split("\n"))
