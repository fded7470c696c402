"""Which checks there are, in which order, and what each of them needs."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

from agent.bounds import resolver_of
from agent.doctor import configuration, domain, mail_servers, model, temporal, verdicts, workers
from agent.doctor.advice import advice_for
from agent.doctor.configuration import Configuration
from agent.doctor.examination import Step
from agent.doctor.finding import Finding, failed, skipped
from agent.doctor.loop import Loop, most_seconds
from agent.settings_check import Role
from mail.errors import MailError


@dataclass(frozen=True, slots=True)
class Wishes:
    role: Role
    send: bool
    wait_seconds: float
    say: Callable[[str], None]


def steps_of(known: Configuration, wishes: Wishes) -> list[Step]:
    settings, role = known.settings, wishes.role
    resolver = resolver_of(settings)
    server = temporal.TemporalChecks()

    async def settings_() -> AsyncGenerator[Finding, None]:
        for finding in configuration.findings_of(known, role):
            yield finding

    async def loop() -> AsyncGenerator[Finding, None]:
        if not wishes.send:
            yield skipped("probe", "left out (--no-send)")
            return
        proof = Loop(settings, resolver, wishes.wait_seconds, wishes.say)
        try:
            await proof.run()
        except MailError as error:
            yield failed("probe", str(error), advice_for("IMAP", str(error)))
            return
        for finding in verdicts.verdicts(proof.observed, settings):
            yield finding

    steps = [
        Step("Settings", ("settings",), settings_, 10),
        Step("Temporal", temporal.CHECKS, server.run, 40, ("TEMPORAL_",)),
        Step(
            "Workers",
            workers.CHECKS,
            lambda: workers.check_workers(server.client, settings),
            30,
            after=("temporal", "namespace"),
        ),
    ]
    if role != "inbox":
        steps += [
            Step(
                "Tools",
                ("tools",),
                lambda: model.check_tools(settings),
                30,
                ("AGENT_TOOLS", "WEBHOOK_", "SHOP_"),
            ),
            Step("Model", ("model",), lambda: model.check_model(settings), 120, ("OPENAI_",)),
        ]
    steps += [
        Step(
            "Domain",
            domain.CHECKS,
            lambda: domain.check_domain(settings, resolver),
            20,
            ("MAIL_FROM", "DNS_"),
        ),
        Step(
            "Outgoing mail",
            mail_servers.SMTP_CHECKS,
            lambda: mail_servers.check_smtp(settings),
            90,
            ("SMTP_",),
        ),
    ]
    if role != "agent":
        steps += [
            Step(
                "Mailbox",
                mail_servers.IMAP_CHECKS,
                lambda: mail_servers.check_imap(settings),
                90,
                ("IMAP_", "MAIL_FROM"),
            ),
            Step(
                "The loop: a mail to itself",
                verdicts.CHECKS if wishes.send else ("probe",),
                loop,
                most_seconds(wishes.wait_seconds),
                ("SMTP_", "IMAP_", "MAIL_", "APPROVAL_SECRET", "DNS_"),
                after=("smtp", "imap"),
            ),
        ]
    return steps
