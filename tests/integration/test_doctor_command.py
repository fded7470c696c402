"""`python -m agent doctor` as a process: what it prints, how it ends, and when it is called off."""

import asyncio
import json
import signal
import sys

import pytest

from agent.doctor.verdicts import CHECKS
from tests.integration.doctoring import all_mail, by_check, doctor, states
from tests.integration.office import ROOT
from tests.integration.run import APPROVER

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_on_request_nothing_is_sent(office):
    finished = await doctor(office, "--json", "--no-send")
    assert (finished.code, finished.err) == (0, "")
    found = by_check(finished)
    assert found["probe"]["detail"] == "not checked: left out (--no-send)"
    assert not {*CHECKS[1:]} & found.keys()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
async def test_called_off_it_takes_the_probe_away_first(office, number):
    before = len(await all_mail(office))
    heard = asyncio.Event()
    delivered = office.mail.deliver

    async def deliver(address, raw, internal_date=None):
        await delivered(address, raw, internal_date)
        heard.set()

    office.mail.deliver = deliver
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "agent", "doctor"),
        cwd=office.directory,
        env={**office.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            await heard.wait()
            process.send_signal(number)
            _, err = await process.communicate()
    finally:
        del office.mail.deliver
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, err.decode()) == (130, "")
    assert len(await all_mail(office)) == before


async def test_a_person_is_shown_lines_and_no_colours_without_a_terminal(office):
    shown = await doctor(office)
    assert shown.code == 0 and shown.err == ""
    assert "  ✓ probe: sent in " in shown.out
    assert "  ! MAIL_AUTH: off: " in shown.out
    assert "\x1b" not in shown.out and "Traceback" not in shown.out
    assert APPROVER not in shown.out


async def test_programs_are_given_an_array_of_findings(office):
    finished = await doctor(office, "--json", "--no-send", IMAP_PASSWORD="wrong")
    assert finished.code == 1
    found = json.loads(finished.out)
    assert [*found[0]] == ["check", "ok", "state", "detail", "advice", "seconds"]
    assert {row["ok"] for row in found} == {True, False, None}
    assert states(by_check(finished), "failed") == {"imap"}


async def test_what_no_worker_would_start_with_ends_with_2(office):
    finished = await doctor(office, MAIL_FROM="nobody", SMTP_PORT="0")
    assert finished.code == 2
    assert "  ✗ SMTP_PORT: Input should be" in finished.out
    assert "  ✓ temporal: " in finished.out
    assert "Traceback" not in finished.out + finished.err
