"""The environment in which the demo starts the worker and the starter: theirs, not the user's."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from demo.accounts import DEMO_PASSWORD
from demo.mail_server import MailServer

AGENT = "agent@demo.test"
APPROVER = "approver@demo.test"
REQUESTER = "requester@demo.test"

# A setting of the user's own deployment must not send the demo's mail into the world.
_OURS = (
    *("SMTP_", "IMAP_", "MAIL_", "APPROV", "EXPIRY_", "MAX_APPROVALS", "METRICS_", "OPERATOR_"),
    *("AGENT_TOOLS", "WEBHOOK_"),
)


def demo_environment(
    mail: MailServer,
    temporal: Mapping[str, str],
    throwaway: bool,
    model_url: str | None,
    directory: Path,
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The settings of `.env.example`, filled in for servers on this machine.

    With a Temporal server of the user's own, their settings of it stay in force.
    """
    dropped = (*_OURS, "TEMPORAL_") if throwaway else _OURS
    kept = {name: value for name, value in environ.items() if not name.startswith(dropped)}
    model = {"OPENAI_API_KEY": "scripted", "OPENAI_BASE_URL": model_url} if model_url else {}
    # A gateway that asks for no key still needs one to be set for the SDK.
    key = {} if kept.get("OPENAI_API_KEY_FILE") else {"OPENAI_API_KEY": "none"}
    return {
        **key,
        **kept,
        **model,
        **temporal,
        "PYTHONUNBUFFERED": "1",
        "SMTP_HOST": mail.host,
        "SMTP_PORT": str(mail.smtp_port),
        "SMTP_SECURITY": "none",
        "IMAP_HOST": mail.host,
        "IMAP_PORT": str(mail.imap_port),
        "IMAP_SECURITY": "none",
        "IMAP_USERNAME": AGENT,
        "IMAP_PASSWORD": DEMO_PASSWORD,
        "MAIL_FROM": f"Approval agent <{AGENT}>",
        "MAIL_AUTH": "off",
        "APPROVERS": APPROVER,
        "APPROVAL_SECRET": secrets.token_hex(32),
        "SHOP_DATABASE": str(directory / "shop.sqlite3"),
    }
