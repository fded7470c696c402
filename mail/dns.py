"""Looks up what domains publish about their mail: keys of signatures, policies. TXT records."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
from dns.rdtypes.ANY.TXT import TXT

log = logging.getLogger(__name__)

SECONDS = 5.0
"""For one answer, all tries together."""
ALL_SECONDS = 10.0
"""For all that is asked at a time: who waits for it has a deadline of its own."""
_KEPT = 1_000
_LONGEST_LIFE = 3_600.0
_NEGATIVE_LIFE = 60.0  # a key that was published too late is found soon
_CONCURRENT = 16


class DnsUnavailable(Exception):
    """No answer, now: neither that there is a record, nor that there is none."""


class Resolver(Protocol):
    """Where TXT records come from."""

    async def txt(self, name: str) -> tuple[list[str], float]:
        """The texts published under a name, none if there is nothing, and for how many seconds
        that holds. Raises DnsUnavailable."""


@dataclass(frozen=True, slots=True)
class Found:
    records: dict[str, str] = field(default_factory=dict)
    unavailable: frozenset[str] = frozenset()


class SystemResolver:
    """The resolver of this machine, or the servers given as `address` or `address:port`."""

    def __init__(self, servers: Iterable[tuple[str, int]] = ()) -> None:
        self._servers = tuple(servers)

    async def txt(self, name: str) -> tuple[list[str], float]:
        try:
            answer = await self._resolver().resolve(name, "TXT", lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return [], _NEGATIVE_LIFE
        except (dns.name.NameTooLong, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return [], _NEGATIVE_LIFE  # nothing can be published there
        except (dns.exception.DNSException, OSError) as error:
            raise DnsUnavailable(f"{name}: {type(error).__name__}") from error
        texts = (b"".join(r.strings) for r in answer if isinstance(r, TXT))
        life = float(answer.rrset.ttl) if answer.rrset is not None else _NEGATIVE_LIFE
        return [text.decode("utf-8", "replace") for text in texts], life

    def _resolver(self) -> dns.asyncresolver.Resolver:
        # Made anew: the machine's own may have changed, and to read its file takes no time.
        resolver = dns.asyncresolver.Resolver(configure=not self._servers)
        if self._servers:
            resolver.nameservers = [
                dns.nameserver.Do53Nameserver(address, port) for address, port in self._servers
            ]
        return resolver


class Records:
    """Remembers for a while what was found, also that there is nothing."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._known: OrderedDict[str, tuple[float, str | None]] = OrderedDict()

    async def find(self, names: Iterable[str]) -> Found:
        """Never raises: what cannot be had now stands in `unavailable`."""
        gate = asyncio.Semaphore(_CONCURRENT)
        asked = {name: asyncio.create_task(self._one(name, gate)) for name in set(names)}
        if not asked:
            return Found()
        try:
            await asyncio.wait(asked.values(), timeout=ALL_SECONDS)
        finally:
            for task in asked.values():
                task.cancel()
        # A look-up that broke in some other way is no answer either: the message waits for another.
        texts = {name: task.result() for name, task in asked.items() if _has_succeeded(task)}
        missing = {name for name in asked if texts.get(name) is None}
        return Found({name: text for name, text in texts.items() if text}, frozenset(missing))

    async def _one(self, name: str, gate: asyncio.Semaphore) -> str | None:
        """'' if nothing is published there, None if that is not known."""
        now = asyncio.get_running_loop().time()
        until, text = self._known.get(name, (0.0, None))
        if now < until:
            return text
        async with gate:
            try:
                texts, life = await self._resolver.txt(name)
            except DnsUnavailable as error:
                log.warning("DNS gives no answer now: %s", error)
                return None
        text = _the_record(texts)
        self._known[name] = (now + min(life, _LONGEST_LIFE), text)
        self._known.move_to_end(name)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return text


def _has_succeeded(task: asyncio.Task[str | None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def _the_record(texts: list[str]) -> str:
    """The one that is a key or a policy: other programs leave texts there, too."""
    return next((text for text in texts if "p=" in text), "")
