"""Who takes part: the approvers of one company, its requester, and those who are none of them."""

CORP = "corp.test"
HOME = "home.test"
EVIL = "evil.test"
BOB = f"bob@{CORP}"
CAROL = f"carol@{CORP}"
DAVE = f"dave@{CORP}"
ROBERT = f"robert@{HOME}"
"""Bob's other address, listed as his alias."""
MALLORY = f"mallory@{EVIL}"
SERVER = f"mx.{CORP}"
"""The name under which the company's mail server tells what it has found."""
LIST = "list.test"
"""A list server whose seals the company trusts."""

SUB, ABOVE, SIBLING = f"news.{CORP}", "test", f"other.{CORP}"
LOOKALIKES = (f"x{CORP}", f"{CORP}.{EVIL}", "corp-test.test", "corp.tests", "xn--crp-jlc.test")
SIGNERS = (CORP, HOME, EVIL, SUB, ABOVE, SIBLING, LIST, *LOOKALIKES)

REVOKED, TESTED, ABSENT = "revoked", "tested", "absent"
"""Selectors of the company: a key that is withdrawn, one that is tried out, one that is not."""

NEW_SECRET = "new-secret-of-the-red-team-0123456789"
OLD_SECRET = "old-secret-that-is-still-listed-0123456"
DROPPED_SECRET = "old-secret-that-is-listed-no-more-01234"
