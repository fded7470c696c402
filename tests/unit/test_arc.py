"""Mail that was passed on: what a forwarder whom we trust has sealed, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from mail.proof import Trust
from mail.trust import Distrust, Trusted
from tests.sealing import GOOGLE, sealed
from tests.signing import GMAIL, Zone, signed
from tests.unit.agent_samples import APPROVER, CLAIM, REQUEST_ID
from tests.unit.judging import EVIL, HOME, judged, refused
from tests.unit.letters import ASKED_IN, REPLY_TO, WRITTEN, letter, without_carriers

LIST, SECOND = "list.test", "second.test"
PASS = f"dkim=pass header.d={HOME} header.s=s1"
TRUST = Trust(sealers=frozenset({LIST, SECOND}))
WHOLE = (*GOOGLE, "in-reply-to", "references", "content-type")


def zone() -> Zone:
    return Zone.of(LIST, SECOND, EVIL)


def passed_on(raw: bytes | None = None, results: str = PASS, by: str = LIST, **how: Any) -> bytes:
    """Its sender's signature no longer fits: a footer was added."""
    original = signed(letter() if raw is None else raw, HOME)
    return sealed(original + b"-- \r\nsent to a list\r\n", by, results, **how)


async def holds(raw: bytes) -> Trusted:
    found = await judged(raw, zone(), trust=TRUST)
    assert isinstance(found, Trusted), found
    return found


async def fails(raw: bytes, trust: Trust = TRUST, reason: Distrust | None = None) -> str:
    found = await refused(raw, reason or Distrust.UNAUTHENTICATED, zone=zone(), trust=trust)
    return found.detail


async def test_what_a_trusted_forwarder_has_seen_and_sealed_is_proven():
    found = await holds(passed_on())
    assert found == Trusted(REQUEST_ID, APPROVER, CLAIM, f"arc {LIST} d={HOME}", WRITTEN)


async def test_a_chain_of_several_whom_we_trust_is_proven():
    twice = sealed(passed_on() + b"a second footer\r\n", SECOND, "arc=pass", instance=2)
    assert (await holds(twice)).proof == f"arc {LIST} {SECOND} d={HOME}"


@pytest.mark.parametrize("sealers", [frozenset(), frozenset({SECOND})])
async def test_a_forwarder_whom_nobody_has_named_proves_nothing(sealers):
    await fails(passed_on(), Trust(sealers=sealers))


async def test_a_first_set_that_a_stranger_has_made_up_is_not_covered_by_a_trusted_second():
    forged = sealed(letter(), EVIL, PASS)
    await fails(sealed(signed(forged, HOME, key=EVIL), LIST, "arc=pass", instance=2))


async def test_a_set_in_a_forwarders_name_by_another_key_proves_nothing():
    await fails(passed_on(key=EVIL))


@pytest.mark.parametrize(
    "results",
    [
        "dkim=fail header.d=demo.test",
        "dkim=none",
        f"dkim=pass header.d={EVIL}",
        "spf=pass smtp.mailfrom=demo.test; dmarc=pass header.from=demo.test",
        "dkim=fail (dkim=pass header.d=demo.test)",
    ],
)
async def test_only_a_good_signature_of_the_senders_domain_counts(results):
    await fails(passed_on(results=results))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"APPROVE\r\n", b"APPROVE all\r\n"),
        (b"i=1; list.test; dkim=pass", b"i=1; list.test; x=y; dkim=pass"),
        (b"cv=none", b"cv=pass"),
        (b"Subject: Re: ", b"Subject: Fwd: "),
    ],
)
async def test_what_was_changed_behind_the_forwarder_proves_nothing(before, after):
    raw = passed_on()
    assert before in raw
    found = await judged(raw.replace(before, after, 1), zone(), trust=TRUST)
    assert not isinstance(found, Trusted)


async def test_a_field_that_was_added_behind_the_forwarder_binds_nothing():
    """The sender's host has signed that there is no In-Reply-To; the forwarder has not, and the
    host's signature is broken."""
    raw = passed_on(without_carriers())
    added = f"In-Reply-To: {ASKED_IN}\r\n".encode() + raw
    await fails(added, reason=Distrust.BINDING_NOT_SIGNED)


async def test_a_field_that_the_forwarder_has_signed_and_the_sender_has_not_binds_nothing():
    raw = signed(without_carriers(), HOME, ("from", "date", "subject", "to"))
    raw = sealed(f"In-Reply-To: {ASKED_IN}\r\n".encode() + raw + b"x\r\n", LIST, PASS, WHOLE)
    await fails(raw, reason=Distrust.BINDING_NOT_SIGNED)


async def test_a_field_that_both_have_signed_binds():
    bare = letter(subject="Re:", body="APPROVE\r\n", references="", to="agent@demo.test")
    raw = sealed(signed(bare, HOME, GMAIL) + b"-- \r\nx\r\n", LIST, PASS, WHOLE)
    await holds(raw)


async def test_a_signature_that_the_forwarder_has_not_covered_may_be_anybodys():
    """Its h= is what is relied on: whoever passes the mail on can write another one."""
    without = tuple(name for name in GOOGLE if name != "dkim-signature")
    await fails(passed_on(covered=without))


async def test_a_signature_that_was_put_on_top_behind_the_forwarder_is_not_meant():
    raw = sealed(signed(without_carriers(), HOME, ("from", "date")) + b"x\r\n", LIST, PASS, WHOLE)
    field = signed(without_carriers(), HOME, (*GMAIL, "delivered-to")).partition(b"\r\nFrom")[0]
    raw = field + b"\r\n" + f"Delivered-To: {REPLY_TO}\r\n".encode() + raw
    await fails(raw, reason=Distrust.BINDING_NOT_SIGNED)


@pytest.mark.parametrize("field", [b"ARC-Authentication-Results", b"ARC-Message-Signature"])
async def test_a_set_of_which_a_field_is_there_twice_proves_nothing(field):
    """Also where our own server says that the chain is good: it may have looked at the other."""
    raw = passed_on()
    second = next(line for line in raw.split(b"\r\n") if line.startswith(field))
    told = replace(TRUST, authserv_id="mx.test")
    for copy in (second, field + b": i=1; list.test; " + PASS.encode()):
        doubled = copy + b"\r\n" + raw
        await fails(doubled)
        await fails(b"Authentication-Results: mx.test; dkim=fail; arc=pass\r\n" + doubled, told)
    single = b"Authentication-Results: mx.test; dkim=fail; arc=pass\r\n" + raw
    assert isinstance(await judged(single, zone(), trust=told), Trusted)


async def test_our_servers_word_about_the_chain_is_needed_where_it_is_asked():
    told = replace(TRUST, authserv_id="mx.test")
    for word in ("fail", "none"):
        raw = f"Authentication-Results: mx.test; dkim=fail; arc={word}\r\n".encode() + passed_on()
        await fails(raw, told)


@pytest.mark.parametrize("instance", [2, 3])
async def test_a_chain_without_its_beginning_proves_nothing(instance):
    await fails(passed_on(instance=instance))


async def test_a_forwarder_that_says_the_chain_was_broken_proves_nothing():
    await fails(sealed(passed_on(), SECOND, "arc=fail", instance=2, cv="fail"))


async def test_a_chain_longer_than_mail_has_is_not_verified():
    raw = passed_on()
    for instance in range(2, 7):
        raw = sealed(raw, LIST, "arc=pass", instance=instance)
    await fails(raw)


async def test_names_that_cannot_be_published_are_not_asked_for():
    resolver = zone()
    raw = passed_on().replace(b"s=s1", b"s=a..b")
    await judged(raw, resolver, trust=TRUST)
    assert not any(".." in name for name in resolver.asked)
