"""The clients of `examples/`, each in its language: an approval that no workflow asks for."""

import pytest

from tests.integration.elsewhere import asked_about, request_id_in

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The first test of a language builds it, where `make servers` has not.
    pytest.mark.timeout(900),
]
BUILDS = {"go": 810, "typescript": 820, "python": 830}


async def answered(elsewhere, build, words):
    """What the client said at its end, and the request id that it had printed."""
    async with elsewhere.runs("ask", str(build)) as ask:
        letter = await asked_about(elsewhere.office, f"Deploy build {build} to production")
        assert ask.first == request_id_in(letter)
        await elsewhere.office.reply(letter, words)
        return await ask.end(), ask.first


async def test_agreed_to_it_ends_well_and_may_be_asked_for_again(elsewhere):
    build = BUILDS[elsewhere.language.name]
    finished, request_id = await answered(elsewhere, build, "APPROVE")
    assert (finished.code, finished.out) == (0, "approved")
    async with elsewhere.runs("ask", "--id", request_id, str(build)) as again:
        assert again.first == request_id
        assert (await again.end()).out == "approved"


async def test_an_id_that_is_another_actions_is_no_consent(elsewhere):
    build = BUILDS[elsewhere.language.name] + 1
    _, request_id = await answered(elsewhere, build, "APPROVE")
    async with elsewhere.runs("ask", "--id", request_id, str(build + 1)) as other:
        finished = await other.end()
    assert (finished.code, finished.out) == (1, "")
    assert f"{request_id} is about another action" in finished.err


async def test_rejected_it_says_so_and_fails(elsewhere):
    build = BUILDS[elsewhere.language.name] + 3
    finished, _ = await answered(elsewhere, build, "REJECT not on a Friday")
    assert (finished.code, finished.out) == (1, "rejected: not on a Friday")


async def test_stopped_it_leaves_the_approval_waiting(elsewhere):
    build = str(BUILDS[elsewhere.language.name] + 4)
    async with elsewhere.runs("ask", build) as ask:
        letter = await asked_about(elsewhere.office, f"Deploy build {build} to production")
        ask.process.terminate()
        await ask.process.wait()
    async with elsewhere.runs("ask", "--id", ask.first, build) as again:
        await elsewhere.office.reply(letter, "APPROVE")
        assert (await again.end()).code == 0


async def test_a_request_that_is_refused_fails_by_name(elsewhere):
    """Without a worker's word for it, it would wait for ever."""
    seconds = elsewhere.language.seconds.format(0)
    async with elsewhere.runs("ask", "--timeout", seconds, "1") as ask:
        finished = await ask.end()
    assert finished.code == 1
    assert "timeout_seconds must be above 0" in finished.err
