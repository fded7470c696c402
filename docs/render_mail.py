"""Draws the pictures of mail in this folder: `python -m docs.render_mail`.

They are made of the mail itself, by Chromium (`CHROMIUM` names another binary), with few colours
where `pngquant` is at hand. `pictures.json` holds the SHA-256 of the HTML that each shows.
"""

import email
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path

from agent.canonical import action_digest
from mail.approval import Answer, AnswerKind
from mail.compose import Approval, Sender, compose_answer, compose_request
from mail.identity import Keyring
from mail.read import read
from mail.reply import Reply

HERE = Path(__file__).parent
SHOWN = HERE / "pictures.json"
ASKED = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ANSWERED = ASKED + timedelta(hours=2)
UNCLEAR = "Approve, if Tom agrees."
DARK, LIGHT = 0, 1  # as Chromium's own switch counts
PICTURES = (
    ("request-mail.png", "request", 700, 1375, LIGHT),
    ("request-mail-dark-phone.png", "request", 360, 1716, DARK),
    ("help-mail.png", "help", 700, 1185, LIGHT),
    ("receipt-mail.png", "receipt", 700, 520, LIGHT),
)


def example() -> tuple[Sender, Approval]:
    sender = Sender(
        mailbox="agent@example.com",
        display_name="Shop agent",
        plus_address=True,
        keyring=Keyring.from_secrets(["a secret for a picture, and for nothing else"]),
        timezone="Europe/Berlin",
    )
    approval = Approval(
        request_id="AR-7K2M9QXD4T",
        summary="Refund 120.00 EUR for order 1042",
        action_type="refund_order",
        arguments=(("amount", '"120.00"'), ("currency", '"EUR"'), ("order_id", "1042")),
        description="Pays an amount of an order back to the customer.",
        reasoning="Order 1042 arrived broken, and the customer sent a photo. The amount is the "
        "order's full price.",
        requested_by="rosa@example.com",
        request="Refund 120.00 EUR for order 1042, it arrived broken.",
        risk="high",
        risky_action=True,
        digest=action_digest(
            "AR-7K2M9QXD4T",
            "refund_order",
            {"amount": "120.00", "currency": "EUR", "order_id": 1042},
        ),
        requested_at=ASKED,
        expires_at=ASKED + timedelta(days=3),
        approvers=("ines@example.com", "tom@example.com"),
        require_text="any one of 2",
    )
    return sender, approval


def letters() -> dict[str, bytes]:
    """The mail that asks, what comes back to an unclear answer, and the receipt for a clear one."""
    sender, approval = example()
    approver = approval.approvers[0]
    reply = read(f"From: {approver}\nSubject: Re: a request\n\n{UNCLEAR}\n".encode())
    assert isinstance(reply, Reply)
    unclear = Answer(AnswerKind.HELP, reason=reply.reason, read=reply.note)
    counted = Answer(
        AnswerKind.RECEIPT, decision="approve", outcome="approved", by=approver, note="Thanks"
    )
    return {
        "request": compose_request(sender, approval, approver, ASKED).raw,
        "help": compose_answer(sender, approval, approver, unclear, ANSWERED).raw,
        "receipt": compose_answer(sender, approval, approver, counted, ANSWERED).raw,
    }


def parts(raw: bytes) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    text, html = email.message_from_bytes(raw, policy=policy.default).iter_parts()
    return text.get_content(), html.get_content()


def draw(html: str, target: Path, width: int, height: int, scheme: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # Headless Chromium makes no window narrower than 500 pixels; a frame may be.
        page = Path(folder, "mail.html")
        page.write_text(html, encoding="utf-8")
        frame = Path(folder, "frame.html")
        frame.write_text(
            '<body style="margin:0"><iframe src="mail.html" '
            f'style="border:0;width:{width}px;height:{height}px"></iframe>',
            encoding="utf-8",
        )
        switches = "headless=old no-sandbox disable-gpu disable-quic no-first-run hide-scrollbars "
        switches += "disable-background-networking disable-component-update disable-sync"
        subprocess.run(
            [
                os.environ.get("CHROMIUM", "chromium"),
                *(f"--{switch}" for switch in switches.split()),
                f"--user-data-dir={folder}/profile",
                f"--blink-settings=preferredColorScheme={scheme}",
                f"--window-size={width},{height}",
                f"--screenshot={target}",
                frame.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    if pngquant := shutil.which("pngquant"):
        few = ["--force", "--strip", "--speed", "1", "--output", str(target), "128", str(target)]
        subprocess.run([pngquant, *few], check=True, timeout=120)


def shown() -> dict[str, str]:
    """Each picture's file -> the SHA-256 of the HTML of today's mail."""
    mail = letters()
    pages = {name: parts(mail[which])[1] for name, which, *_ in PICTURES}
    return {name: hashlib.sha256(html.encode()).hexdigest() for name, html in pages.items()}


def main() -> int:
    mail = letters()
    for name, which, width, height, scheme in PICTURES:
        draw(parts(mail[which])[1], HERE / name, width, height, scheme)
        print(HERE / name)
    SHOWN.write_text(json.dumps(shown(), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
