"""A DNS server on loopback, for worker processes: it knows the TXT records it is given."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.servers.store import HOST

_LIFE = 60


class _Server(asyncio.DatagramProtocol):
    def __init__(self, records: Mapping[str, str]) -> None:
        self._records = records

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's own is none by its classes before Python 3.12.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, client: tuple[str, int]) -> None:
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        name = asked.question[0].name
        record = self._records.get(name.to_text(omit_final_dot=True))
        if record is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            # No string of a record is longer than 255 octets (RFC 1035 §3.3.14).
            parts = " ".join(f'"{record[at : at + 255]}"' for at in range(0, len(record), 255))
            answer.answer = [dns.rrset.from_text(name, _LIFE, "IN", dns.rdatatype.TXT, parts)]
        self._transport.sendto(answer.to_wire(), client)


@asynccontextmanager
async def dns_server(records: Mapping[str, str]) -> AsyncIterator[str]:
    """Yield what DNS_SERVERS has to say."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Server(records), (HOST, 0))
    try:
        yield f"{HOST}:{transport.get_extra_info('sockname')[1]}"
    finally:
        transport.close()
