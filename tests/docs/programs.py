"""What the tests do about commands that serve, wait, look, or take too long. Pure: tables.

A pattern is searched for in the command as it is typed.
"""

import re

SERVERS = (
    # Another one may be reading already.
    (r"(?<!\w)worker\.py\b.*(--no-inbox|--inbox-only)", r"worker started"),
    (r"(?<!\w)worker\.py\b", r"reading the inbox"),
    (r"temporal server start-dev\b", r"^Server: "),
    (r"-m demo temporal --serve\b", r"^Server: "),
    (r"-m demo mail\b", r"Ctrl-C ends it"),
    (r"-m demo mailhog --serve\b", r"Ctrl-C ends it"),
    (r"-m demo model\b", r"Ctrl-C ends it"),
    # They say nothing, and what is started before them waits for them.
    (r"payout/worker\b|payout_worker\.py|lib/worker\.js", r""),
)
"""Run until the page ends, and ready when they have printed this."""

WAITING = r"\bstart_workflow\.py\b(?!.*--no-wait)(?!.*--help)"
"""Wait for people: the page goes on meanwhile, and they have to have ended well when it ends."""

ASKED = "waiting for"
"""In a sample of those: what has to be printed before the page goes on."""

LOOKS = r"-m agent (list|show|audit|inbox|health)\b"
"""Only look: asked again, as people do, while what is shown has not come yet."""

LONG = r"\bmake (test|check|chaos|bench|fuzz|guards|lock)\b"
"""Not run, but looked up: `make -n`."""


INSTALLED = {r"\bnpm ci\b": "npm ls"}
"""What needs a network, and in the tests' copy looks whether that was done."""


def ready(command: str) -> str | None:
    """What a server prints when it serves; None for what is no server."""
    return next((text for pattern, text in SERVERS if re.search(pattern, command)), None)


def is_help(command: str) -> bool:
    return "--help" in command


def to_run(command: str) -> str:
    """The command in the form in which a test can run it."""
    for pattern, look in INSTALLED.items():
        command = re.sub(pattern, look, command)
    return re.sub(LONG, r"make -n \1", command)
