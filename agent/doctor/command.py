"""`python -m agent doctor`."""

import asyncio
import logging
from typing import Annotated

import typer

from agent.command import INTERRUPTED, run_command
from agent.display import console
from agent.doctor.calling_off import listen
from agent.doctor.configuration import load
from agent.doctor.examination import examine, exit_code
from agent.doctor.show import Document, Masked, Screen
from agent.logs import printed_secrets, secrets_of
from agent.settings import Settings
from agent.settings_check import Role
from mail.carriers import without_tokens

WAIT_SECONDS = 60.0


def doctor(
    role: Annotated[Role, typer.Option(help="What this place runs: its worker's role.")] = "all",
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Mail the agent's mailbox a probe.")
    ] = True,
    wait: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds that the probe may take.")
    ] = WAIT_SECONDS,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Check every setting and every server, and prove the loop with a mail to itself."""
    run_command(_examined(role, send, wait, json, debug), debug=debug)


async def _examined(role: Role, send: bool, wait: float, json: bool, debug: bool) -> int:
    # Here, for every other command would wait a second for the model's library.
    from agent.doctor.steps import Wishes, steps_of

    # What libraries and our own parts warn of is found here, too, and said in its place.
    logging.getLogger().addHandler(logging.NullHandler())
    known = load(role)
    mask = _mask_of(known.settings)
    show = Document(mask) if json else Screen(mask, console())
    listen()
    steps = steps_of(known, Wishes(role, send, wait, show.say))
    try:
        findings = await examine(steps, known.wrong, show, debug=debug)
    except asyncio.CancelledError:
        return INTERRUPTED
    finally:
        show.stop()
    show.end(findings)
    return exit_code(findings)


def _mask_of(settings: Settings) -> Masked:
    """The last to look at what is shown: servers may say anything."""
    secrets = secrets_of(settings)

    def masked(text: str) -> str:
        for secret in (*secrets, *printed_secrets(settings)):
            text = text.replace(secret, "<secret>")
        return without_tokens(text)

    return masked
