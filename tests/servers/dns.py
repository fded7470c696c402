"""A tiny DNS server on loopback: TXT records over UDP, and the faults that servers have."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Strings = tuple[bytes, ...]


def _strings(text: str) -> Strings:
    """No string of a record is longer than 255 octets (RFC 1035 §3.3.14)."""
    raw = text.encode()
    return tuple(raw[at : at + 255] for at in range(0, len(raw), 255))


@dataclass
class Server(asyncio.DatagramProtocol):
    """What it holds may be changed while it runs."""

    records: dict[str, list[Strings]] = field(default_factory=dict)
    """By name; of an empty list the name exists, without TXT."""
    failing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    ttl: int = 300
    asked: list[str] = field(default_factory=list)
    address: tuple[str, int] = ("127.0.0.1", 0)
    _transport: Any = None

    @property
    def setting(self) -> str:
        """What DNS_SERVERS has to say."""
        return "{}:{}".format(*self.address)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if name in self.silent:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts := [_quoted(strings) for strings in self.records[name]]:
            answer.answer.append(dns.rrset.from_text(f"{name}.", self.ttl, "IN", "TXT", *texts))
        self._transport.sendto(answer.to_wire(), addr)


def _quoted(strings: Strings) -> str:
    escaped = ("".join(f"\\{byte:03d}" for byte in string) for string in strings)
    return " ".join(f'"{string}"' for string in escaped)


@asynccontextmanager
async def dns_server(records: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    loop = asyncio.get_running_loop()
    server = Server({name: [_strings(text)] for name, text in (records or {}).items()})
    transport, _ = await loop.create_datagram_endpoint(lambda: server, ("127.0.0.1", 0))
    server.address = transport.get_extra_info("sockname")[:2]
    try:
        yield server
    finally:
        transport.close()
