"""What domains publish, asked of a real resolver's library and a server of the test's own."""

import asyncio
from collections.abc import AsyncIterator

import pytest

import mail.dns
from mail.dns import DnsUnavailable, Records, SystemResolver
from tests.servers.dns import Server, dns_server

KEY = "s1._domainkey.demo.test"
TEXT = "v=DKIM1; k=rsa; p=MIGf"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with dns_server() as running:
        yield running


def resolver(server: Server) -> SystemResolver:
    return SystemResolver([server.address])


async def test_a_record_is_found_with_how_long_it_holds(server):
    server.records[KEY] = [(TEXT.encode(),)]
    assert await resolver(server).txt(KEY) == ([TEXT], 300.0)


async def test_a_record_of_several_strings_is_one(server):
    """A key of 2048 bits is longer than a string may be (RFC 6376 §3.6.2.2)."""
    server.records[KEY] = [(b"v=DKIM1; p=" + b"A" * 200, b"B" * 200)]
    texts, _ = await resolver(server).txt(KEY)
    assert texts == ["v=DKIM1; p=" + "A" * 200 + "B" * 200]


async def test_what_is_no_text_breaks_nothing(server):
    server.records[KEY] = [(b"p=\xff\0",)]
    texts, _ = await resolver(server).txt(KEY)
    assert texts == ["p=\ufffd\0"]


@pytest.mark.parametrize("held", [{}, {KEY: []}], ids=["no name", "no record"])
async def test_what_is_not_published_is_known_not_to_be(server, held):
    server.records = held
    texts, life = await resolver(server).txt(KEY)
    assert texts == []
    assert 0 < life <= 300
    found = await Records(resolver(server)).find([KEY])
    assert (found.records, found.unavailable) == ({}, frozenset())


@pytest.mark.parametrize("name", ["a..b", "a" * 64 + ".test", ".".join(["a" * 60] * 5), "ä..test"])
async def test_under_what_is_no_name_nothing_is_published(server, name):
    found = await Records(resolver(server)).find([name])
    assert (found.records, found.unavailable) == ({}, frozenset())
    assert server.asked == []


async def test_a_server_in_trouble_gives_no_answer(server):
    server.failing.add(KEY)
    with pytest.raises(DnsUnavailable):
        await resolver(server).txt(KEY)


async def test_a_silent_server_gives_no_answer_and_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(mail.dns, "SECONDS", 0.2)
    server.silent.add(KEY)
    with pytest.raises(DnsUnavailable):
        await resolver(server).txt(KEY)


async def test_all_that_is_asked_at_a_time_has_one_deadline(server, monkeypatch):
    """What has come by then counts."""
    monkeypatch.setattr(mail.dns, "ALL_SECONDS", 0.5)
    server.records["good.test"] = [(b"p=x",)]
    names = [f"{number}.test" for number in range(40)]
    server.silent.update(names)
    begun = asyncio.get_running_loop().time()
    found = await Records(resolver(server)).find(["good.test", *names[:10]])
    assert asyncio.get_running_loop().time() - begun < mail.dns.SECONDS
    assert found.records == {"good.test": "p=x"}
    assert found.unavailable == frozenset(names[:10])


async def test_one_answer_is_remembered_as_long_as_it_holds(server):
    server.records[KEY] = [(b"p=one",)]
    records = Records(resolver(server))
    for _ in range(3):
        assert (await records.find([KEY, KEY])).records == {KEY: "p=one"}
    assert server.asked == [KEY]


async def test_what_holds_no_longer_is_asked_again(server):
    server.ttl = 0
    records = Records(resolver(server))
    for text in (b"p=one", b"p=two"):
        server.records[KEY] = [(text,)]
        assert (await records.find([KEY])).records == {KEY: text.decode()}


async def test_that_there_was_no_answer_is_not_remembered(server):
    server.failing.add(KEY)
    records = Records(resolver(server))
    assert (await records.find([KEY])).unavailable == {KEY}
    server.failing.clear()
    server.records[KEY] = [(b"p=one",)]
    assert (await records.find([KEY])).records == {KEY: "p=one"}


async def test_the_record_beside_others_is_the_one_that_has_a_key(server):
    server.records[KEY] = [(b"v=spf1 -all",), (TEXT.encode(),)]
    assert (await Records(resolver(server)).find([KEY])).records == {KEY: TEXT}


async def test_a_resolver_that_breaks_is_no_answer():
    class Broken:
        async def txt(self, name: str) -> tuple[list[str], float]:
            raise ValueError(name)

    assert (await Records(Broken()).find([KEY])).unavailable == {KEY}


async def test_only_so_much_is_remembered(server, monkeypatch):
    monkeypatch.setattr(mail.dns, "_KEPT", 2)
    names = ["a.test", "b.test", "c.test"]
    server.records = {name: [(b"p=x",)] for name in names}
    records = Records(resolver(server))
    for name in [*names, "c.test", "a.test"]:
        await records.find([name])
    assert server.asked == [*names, "a.test"]


async def test_nothing_is_asked_for_nothing(server):
    assert (await Records(resolver(server)).find([])).records == {}
    assert server.asked == []
