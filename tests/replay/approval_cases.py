"""Every way in which an approval ends, played with real time on a real server."""

from datetime import timedelta

from temporalio.exceptions import ApplicationError

from agent.models import NoticeKind
from tests.virtual.world import HOUR, A, B, C

SHORT_SECONDS = 2.0
SECOND = timedelta(seconds=1)


async def approval_approved(world):
    asked = await world.ask(A, B)
    await asked.asked(2)
    await asked.vote(A, True, note="fine")
    return asked.handle


async def approval_rejected(world):
    """An approval first, taken back by the same person's rejection."""
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    await asked.vote(A, True)
    await asked.vote(A, False, note="too much")
    return asked.handle


async def approval_expired(world):
    asked = await world.ask(A, seconds=SHORT_SECONDS)
    return asked.handle


async def approval_sweep_failed(world):
    async def refuse():
        raise ApplicationError("login refused", type="MailAuth", non_retryable=True)

    world.on_sweep = refuse
    return await approval_expired(world)


async def approval_late_vote(world):
    """A vote in time that only the last sweep finds counts."""
    asked = await world.ask(A, seconds=SHORT_SECONDS)
    await asked.asked()
    arrived = await world.now()

    async def found():
        await asked.vote(A, True, at=arrived)

    world.on_sweep = found
    return asked.handle


async def approval_after_deadline(world):
    """A vote that arrived too late is answered when there is an outcome, in one letter."""
    asked = await world.ask(A, B, seconds=SHORT_SECONDS)
    await asked.asked(2)

    async def found():
        await asked.vote(A, True, at=await world.now() + HOUR)

    world.on_sweep = found
    return asked.handle


async def approval_undeliverable(world):
    world.refused = {A: "550 no such user", B: "550 no such user"}
    return (await world.ask(A, B)).handle


async def approval_partly_undeliverable(world):
    world.refused = {A: "550 no such user"}
    asked = await world.ask(A, B)
    await asked.asked()
    await asked.vote(B, True)
    return asked.handle


async def approval_withdrawn(world):
    asked = await world.ask(A, B)
    await asked.asked(2)
    await asked.handle.cancel()
    return asked.handle


async def approval_operator(world):
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    await asked.operator(True, request_id="AR-0000000000")
    await asked.operator(True)
    return asked.handle


async def approval_stages(world):
    stages = [{"approvers": [A], "require": "any"}, {"approvers": [B, C], "require": "all"}]
    asked = await world.ask(policy={"stages": stages})
    await asked.asked()
    await asked.vote(A, True)
    await asked.asked(3)
    await asked.vote(B, True)
    await asked.vote(C, True)
    return asked.handle


async def approval_quorum(world):
    """Two of three, with a message read twice and a vote of somebody without right between."""
    asked = await world.ask(A, B, C, require=2)
    await asked.asked(3)
    await asked.vote(A, True, message_id="same")
    await asked.vote(A, True, message_id="same")
    await asked.vote("mallory@x.test", True)
    await asked.vote(C, True)
    return asked.handle


async def approval_answers_failed(world):
    world.answers_fail = True
    return await approval_approved(world)


async def approval_notices(world):
    """Help is capped; what is no question is only recorded."""
    asked = await world.ask(A)
    await asked.asked()
    for number in range(4):
        await asked.notice(A, number, NoticeKind.UNCLEAR)
    for number, kind in enumerate((NoticeKind.AUTO, NoticeKind.BOUNCE, NoticeKind.REFUSED), 4):
        await asked.notice(A, number, kind)
    await asked.vote(A, True)
    return asked.handle


async def approval_away(world):
    """Somebody is away, comes back and votes; a receipt and a second notice change nothing."""
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    await asked.notice(A, 1, NoticeKind.AUTO, note="Back on Monday.")
    await asked.notice(A, 2, NoticeKind.AUTO, note="Back on Monday.")
    await asked.notice(B, 3, NoticeKind.AUTO, absence=False)
    await asked.vote(A, True)
    await asked.vote(B, True)
    return asked.handle


async def approval_hourly(world):
    """One person's mail without end: ten letters an hour, the last of them about the outcome."""
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    at = await world.now()
    for number in range(5):
        await asked.vote(A, True, at=at + 2 * number * SECOND)
        await asked.notice(A, number, NoticeKind.UNCLEAR, at + (2 * number + 1) * SECOND)
    for number in range(5, 9):
        await asked.notice(A, number, NoticeKind.UNCLEAR, at + HOUR / 4)
    await asked.vote(A, False, at=at + HOUR / 2)
    return asked.handle


async def approval_refused_first(world):
    """What was refused is read again when its sender can be proven, and counts."""
    asked = await world.ask(A)
    await asked.asked()
    refused = {"message_id": "same", "content_hash": "same", "reason": "unauthenticated"}
    await asked.notice(A, 1, NoticeKind.REFUSED, **refused)
    await asked.vote(A, True, message_id="same")
    return asked.handle


async def approval_resent(world):
    """Once to whoever is waited for, and once in vain."""
    asked = await world.ask(A, B, require="all")
    await asked.asked(2)
    await asked.vote(A, True)
    await asked.handle.signal("resend", {"operator": "rosa@desk"})
    await asked.asked(3)
    await asked.handle.signal("resend", {"to": A})
    await asked.vote(B, True)
    return asked.handle


async def approval_bad_request(world):
    return (await world.ask(policy={"stages": [{"approvers": ["m@evil.test"]}]})).handle


APPROVAL_CASES = (
    approval_approved,
    approval_rejected,
    approval_expired,
    approval_sweep_failed,
    approval_late_vote,
    approval_after_deadline,
    approval_undeliverable,
    approval_partly_undeliverable,
    approval_withdrawn,
    approval_operator,
    approval_stages,
    approval_quorum,
    approval_answers_failed,
    approval_notices,
    approval_away,
    approval_hourly,
    approval_refused_first,
    approval_resent,
    approval_bad_request,
)
