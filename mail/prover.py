"""Proves who sent messages, several at once: keys from the DNS, then signatures in a thread."""

import asyncio
from collections.abc import Sequence

from mail.dns import Found, Records, Resolver
from mail.proof import Case, Evidence, Fault, Trust, Unproven, case_of, evidence_of
from mail.reply import Reply


class Prover:
    """For one mailbox: what is taken for a proof is the same for all its mail."""

    def __init__(self, trust: Trust, resolver: Resolver) -> None:
        self._trust = trust
        self._records = Records(resolver)

    async def prove(self, messages: Sequence[tuple[bytes, Reply]]) -> list[Evidence]:
        """In the order of the messages, each of which has one sender. Never raises."""
        if not messages:
            return []
        cases = await asyncio.to_thread(self._cases, messages)
        known = (case for case in cases if isinstance(case, Case))
        found = await self._records.find(name for case in known for name in case.key_names)
        return await asyncio.to_thread(lambda: [_judged(case, found) for case in cases])

    def _cases(self, messages: Sequence[tuple[bytes, Reply]]) -> list[Case | Unproven]:
        return [self._case(raw, reply) for raw, reply in messages]

    def _case(self, raw: bytes, reply: Reply) -> Case | Unproven:
        try:
            return case_of(raw, reply.senders[0], reply.carriers, self._trust)
        # Whatever hostile bytes find is one message that proves nothing, never the others.
        except Exception as error:
            return _not_judged(error)


def _judged(case: Case | Unproven, found: Found) -> Evidence:
    if isinstance(case, Unproven):
        return case
    try:
        return evidence_of(case, found.records, found.unavailable)
    # As above.
    except Exception as error:
        return _not_judged(error)


def _not_judged(error: Exception) -> Unproven:
    return Unproven(Fault.UNAUTHENTICATED, f"it cannot be judged: {type(error).__name__}")
