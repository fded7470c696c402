"""Where the demo's servers are, and who has a mailbox there.

Apart from the servers themselves: whoever only talks to them needs none of their libraries.
"""

LOOPBACK = "127.0.0.1"

DEMO_ADDRESSES = (
    "agent@demo.test",
    "approver@demo.test",
    "approver2@demo.test",
    "requester@demo.test",
)
DEMO_PASSWORD = "demo"
DEMO_SMTP_PORT = 3025
DEMO_IMAP_PORT = 3143
