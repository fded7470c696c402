"""Whether a message passes all three gates: with real signatures, and a zone of the test's own."""

from mail.proof import Trust
from mail.prover import Prover
from mail.read import read
from mail.reply import Reply
from mail.trust import Auth, Distrust, Trusted, Untrusted, authenticate, proven
from tests.signing import Zone
from tests.unit.agent_samples import MAILBOX
from tests.unit.letters import KEYS

HOME = "demo.test"
EVIL = "evil.test"


async def judged(
    raw: bytes,
    zone: Zone | None = None,
    auth: Auth = Auth.REQUIRED,
    trust: Trust | None = None,
) -> Trusted | Untrusted:
    reply = read(raw)
    assert isinstance(reply, Reply)
    two = authenticate(reply, KEYS, {}, MAILBOX)
    if isinstance(two, Untrusted):
        return two
    prover = Prover(trust or Trust(unsigned_counts=auth is Auth.IF_PRESENT), zone or home())
    (evidence,) = await prover.prove([(raw, reply)])
    return proven(two, evidence, auth, MAILBOX)


def home() -> Zone:
    return Zone.of(HOME, EVIL)


async def refused(raw: bytes, reason: Distrust, **how) -> Untrusted:
    found = await judged(raw, **how)
    assert isinstance(found, Untrusted)
    assert found.reason is reason, found
    return found
