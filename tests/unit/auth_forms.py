"""Authentication-Results as real servers write them; %s stands for the first letters of b=."""

from mail.auth_results import EXCHANGE_ONLINE
from mail.proof import Trust
from mail.trust import Distrust, Trusted
from tests.signing import signed
from tests.unit.agent_samples import APPROVER
from tests.unit.judging import HOME, judged, refused
from tests.unit.letters import letter

OURS = "mx.demo.test"
TOLD = Trust(authserv_id=OURS)
EXCHANGE = Trust(authserv_id=EXCHANGE_ONLINE)

GMAIL_FORM = f"""{OURS};
       dkim=pass header.i=@demo.test header.s=s1 header.b=%s;
       spf=pass (google.com: domain of {APPROVER} designates 203.0.113.7 as permitted sender)
 smtp.mailfrom={APPROVER};
       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=demo.test"""
FASTMAIL_FORM = f"""{OURS};
    arc=none (no signatures found);
    bimi=skipped (DMARC did not pass);
    dkim=pass (2048-bit rsa key sha256) header.d=demo.test header.i=@demo.test header.b=%s
    header.a=rsa-sha256 header.s=s1 x-bits=2048;
    dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none
    policy.evaluated-disposition=none (p=none,d=none,d.eval=none) policy.policy-from=p
    header.from=demo.test;
    iprev=pass smtp.remote-ip=203.0.113.7 (mail.demo.test);
    spf=pass smtp.mailfrom={APPROVER} smtp.helo=mail.demo.test;
    x-me-sender=none;
    x-ptr=pass smtp.helo=mail.demo.test policy.ptr=mail.demo.test"""
OPENDKIM_FORM = f"""{OURS};
\tdkim=pass (2048-bit key; unprotected) header.d=demo.test header.i=@demo.test header.a=rsa-sha256
 header.s=s1 header.b="%s";
\tdkim-atps=neutral"""
RSPAMD_FORM = f"""{OURS};
\tdkim=pass header.d=demo.test header.s=s1 header.b=%s;
\tdmarc=pass (policy=reject) header.from=demo.test;
\tspf=pass ({OURS}: domain of "prvs=0123456789=a@demo.test" designates 203.0.113.7 as permitted
 sender) smtp.mailfrom="prvs=0123456789=a@demo.test\""""
EXCHANGE_FORM = """spf=pass (sender IP is 203.0.113.7)
 smtp.mailfrom=demo.test; dkim=pass (signature was verified)
 header.d=demo.test;dmarc=pass action=none
 header.from=demo.test;compauth=pass reason=100"""


def told(results: str, raw: bytes | None = None) -> bytes:
    """With the field that our server has put on top."""
    message = signed(letter(), HOME) if raw is None else raw
    return f"Authentication-Results: {results}\r\n".encode() + message


async def holds(raw: bytes, trust: Trust = TOLD) -> Trusted:
    found = await judged(raw, trust=trust)
    assert isinstance(found, Trusted), found
    return found


async def fails(
    raw: bytes, reason: Distrust = Distrust.UNAUTHENTICATED, trust: Trust = TOLD
) -> str:
    return (await refused(raw, reason, trust=trust)).detail
