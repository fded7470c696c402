"""Mail programs that people use fetch the mail that asks, and what they send back decides."""

import pytest

from tests.integration.run import APPROVER
from tests.servers.mail_programs import PROGRAMS, Person, Typed, installed

pytestmark = [
    pytest.mark.parametrize("imap", ["embedded", "dovecot"], indirect=True, scope="module"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("worker"),
]


@pytest.fixture(params=PROGRAMS, ids=lambda program: program.name)
def program(request):
    if not installed(request.param):
        name = request.param.name
        pytest.skip(f"no {name}: on Debian, apt-get install {name}")
    return request.param


@pytest.fixture
def person(office, tmp_path):
    mail = office.mail
    return Person(
        APPROVER, mail.password, office.environ, f"{mail.host}:{mail.smtp_port}", tmp_path
    )


async def test_an_approval_typed_above_the_quote_runs_the_action(office, program, person):
    run, letter = await office.asked()
    await program.answer(person, letter, "APPROVE\n\nchecked by phone", Typed.ABOVE)
    assert (await run.result()).startswith("Action completed successfully")
    assert len(run.effects()) == 1
    vote = await run.event("vote", approver=APPROVER)
    assert (vote["approved"], vote["note"]) == (True, "checked by phone")
    await office.in_folder("Processed", f"\n> Request id:  {run.known}".encode())


async def test_a_rejection_typed_below_the_quote_runs_nothing(office, program, person):
    run, letter = await office.asked()
    await program.answer(person, letter, "REJECT too expensive", Typed.BELOW)
    assert (await run.result()).startswith("Action rejected. Reviewer notes: too expensive\n")
    assert run.effects() == []
    await office.in_folder("Processed", f"\n> Request id:  {run.known}".encode())


async def test_an_approval_without_a_quote_runs_the_action(office, program, person):
    run, letter = await office.asked()
    await program.answer(person, letter, "Approved.", Typed.BELOW, quoting=False)
    assert (await run.result()).startswith("Action completed successfully")
    [raw] = await office.in_folder("Processed", run.known.lower().encode())
    assert b"Request id" not in raw


async def test_the_quote_alone_is_no_decision_and_the_help_mail_can_be_answered(
    office, program, person
):
    run, letter = await office.asked()
    await program.answer(person, letter, "", Typed.BELOW)
    help_letter = await run.letter(APPROVER, "could not be counted")
    assert (await run.event("notice"))["notice"] == "unclear"
    assert (await run.approval.query("status"))["status"] == "waiting"
    assert await run.events("vote") == []
    await program.answer(person, help_letter, "APPROVE", Typed.BELOW)
    assert (await run.result()).startswith("Action completed successfully")
    assert len(run.effects()) == 1
