"""Proves who sent messages, several at once: keys from the DNS, then signatures in a thread."""

import asyncio
from collections.abc import Sequence

from mail.dns import Records, Resolver
from mail.proof import Case, Evidence, Trust, case_of, evidence_of
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
        found = await self._records.find(name for case in cases for name in case.key_names)
        return await asyncio.to_thread(
            lambda: [evidence_of(case, found.records, found.unavailable) for case in cases]
        )

    def _cases(self, messages: Sequence[tuple[bytes, Reply]]) -> list[Case]:
        return [
            case_of(raw, reply.senders[0], reply.carriers, self._trust) for raw, reply in messages
        ]
