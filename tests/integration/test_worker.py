"""The worker as a process: how it starts, ends, is lost, and is split into two roles."""

import asyncio
import signal

import pytest

from demo.model_rules import ApiError
from tests.integration.office import ROOT, Finished, Office
from tests.integration.run import APPROVER
from tests.waiting import PATIENCE_SECONDS, logged

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORKER = str(ROOT / "worker.py")
AT_ONCE_SECONDS = 10.0  # a third of the grace that running activities get: it was not waited for


async def stopped(worker, seconds: float) -> int:
    worker.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(seconds):
        return int(await worker.process.wait())


async def test_an_idle_worker_stops_at_once_and_another_reads_on(office):
    async with office.worker() as first:
        run, letter = await office.asked()
        assert await stopped(first, AT_ONCE_SECONDS) == 0
    await office.reply(letter, "APPROVE")
    async with office.worker():
        assert (await run.result()).startswith("Action completed successfully")


async def test_a_worker_killed_in_the_middle_of_a_mail_is_soon_replaced(office):
    office.mail.stalling.add(APPROVER)
    async with office.worker("--no-inbox") as first:
        run = await office.start()
        await run.request_id()
        await office.mail.stalled.wait()
        first.process.kill()
        assert await first.process.wait() == -signal.SIGKILL
    office.mail.stalling.clear()
    killed = asyncio.get_running_loop().time()
    async with office.worker("--no-inbox"):
        # Missed by its heartbeats: the step itself would have had 120 s.
        await run.request()
        assert asyncio.get_running_loop().time() - killed < PATIENCE_SECONDS
        await run.approval.cancel()
        assert await run.outcome() == "withdrawn"


async def test_what_fails_for_now_is_one_line_a_try(office):
    tries: list[object] = []

    def not_at_first(request: object) -> ApiError | None:
        tries.append(request)
        return ApiError(503, "Not now") if len(tries) < 3 else None

    office.model.script = not_at_first
    office.mail.refuse(APPROVER, "451 4.7.1 Greylisted")
    try:
        async with office.worker("--no-inbox", LOG_LEVEL="INFO") as worker:
            run = await office.start()
            await run.request_id()
            line = await logged(worker, "mail not sent, will be tried again")
            assert "451 4.7.1 Greylisted" in line
            office.mail.accept(APPROVER)
            await run.request()
            log = worker.log_text()
            await run.handle.cancel()
            assert await run.outcome() == "withdrawn"
    finally:
        office.model.script = None
        office.mail.accept(APPROVER)
    lines = [line for line in log.splitlines() if "the model was not asked" in line]
    assert len(lines) == 2 and all("503" in line for line in lines)
    assert "Traceback" not in log


async def test_the_two_roles_together_do_what_one_worker_does(office):
    async with office.worker("--no-inbox", IMAP_HOST="", IMAP_PASSWORD="") as agent:
        run, letter = await office.asked()
        await office.reply(letter, "APPROVE")
        async with office.worker("--inbox-only", OPENAI_API_KEY="") as inbox:
            assert (await run.result()).startswith("Action completed successfully")
            assert await stopped(inbox, AT_ONCE_SECONDS) == 0
        assert await stopped(agent, AT_ONCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        ("off", "replies are believed without proof of their sender"),
        ("if-present", "replies that bear no signature are believed without proof"),
        ("required", ""),
    ],
)
async def test_a_worker_that_demands_less_than_proof_says_so_at_its_start(office, auth, said):
    async with office.worker("--inbox-only", MAIL_AUTH=auth, MAIL_AUTHSERV_ID="mx.test") as worker:
        warnings = [line for line in worker.log_text().splitlines() if "MAIL_AUTH" in line]
    assert len(warnings) == bool(said)
    assert all(f"MAIL_AUTH={auth}: {said}" in line for line in warnings)


async def test_a_worker_whose_dns_is_away_says_that_replies_will_wait(office):
    # Nobody answers on the port of `discard`.
    dns = {"MAIL_AUTH": "required", "DNS_SERVERS": "127.0.0.1:9"}
    async with office.worker("--inbox-only", **dns) as worker:
        assert "replies wait until it does (DNS_SERVERS)" in worker.log_text()


async def fails_to_start(office: Office, *options: str, **changes: str) -> Finished:
    finished = await office.run(WORKER, *options, **changes)
    assert "Traceback" not in finished.err
    return finished


async def test_every_fault_of_the_settings_has_a_line_of_its_own(office):
    finished = await fails_to_start(
        office,
        **dict.fromkeys(("SMTP_HOST", "SMTP_USERNAME", "SMTP_PASSWORD"), ""),
        **dict.fromkeys(("APPROVAL_SECRET", "IMAP_PASSWORD", "OPENAI_API_KEY"), ""),
    )
    assert finished.code == 2
    faults = [line for line in finished.err.splitlines() if line.startswith("error: ")]
    named = [fault.split()[1] for fault in faults]
    assert named == [
        "APPROVAL_SECRET",
        "SMTP_HOST",
        "IMAP_PASSWORD",
        "OPENAI_API_KEY",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APPROVERS", "approver"),
        ("APPROVAL_SECRET", "too-short"),
        ("SMTP_PORT", "seven"),
        ("MAIL_AUTH", "dkim"),
        ("IMAP_SECURITY", "starttls"),
        ("EXPIRY_GRACE", "soon"),
        ("METRICS_ADDRESS", "9464"),
        ("OPENAI_BASE_URL", "nonsense"),
        ("TEMPORAL_NAMESPACE", "nowhere"),
        ("SHOP_DATABASE", "/nowhere/at/all/shop.sqlite3"),
    ],
)
async def test_a_malformed_setting_is_named_and_its_secrets_are_not(office, name, value):
    finished = await fails_to_start(office, **{name: value})
    assert finished.code == 2
    assert name in finished.err
    assert "too-short" not in finished.err


async def test_the_agent_is_nobodys_approver(office):
    finished = await fails_to_start(office, APPROVERS=f"{APPROVER}, {office.agent}")
    assert finished.code == 2
    assert "the agent's own address" in finished.err


async def test_both_roles_at_once_are_wrong_usage(office):
    finished = await fails_to_start(office, "--no-inbox", "--inbox-only")
    assert finished.code == 2


async def test_a_wrong_password_ends_the_worker(office):
    imap = await fails_to_start(office, IMAP_PASSWORD="wrong-imap")
    assert (imap.code, "the IMAP server refused the login" in imap.err) == (1, True)
    login = {"SMTP_USERNAME": APPROVER, "SMTP_PASSWORD": "wrong-smtp"}
    smtp = await fails_to_start(office, **login)
    assert (smtp.code, "the SMTP server refused the login" in smtp.err) == (1, True)
    assert "wrong-" not in imap.err + smtp.err


async def test_an_unreachable_mail_host_is_tried_until_it_is_there(office):
    async with office.worker(ready="next try in 1 s", SMTP_PORT="1") as worker:
        line = await logged(worker, "next try in 2 s")
        assert "SMTP" in line and "cannot be reached" in line
        assert await stopped(worker, AT_ONCE_SECONDS) == 0
