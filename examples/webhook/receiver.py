"""A receiver for `post_webhook`: does what it is told once, if it knows who tells it.

    WEBHOOK_SECRET=whsec_… python3 examples/webhook/receiver.py PORT DATABASE

Nothing but the standard library. In front of it stands what gives it TLS.
"""

import base64
import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from contextlib import closing
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE = 300  # seconds between the sender's clock and ours
LONGEST = 64 * 1024  # bytes of a body
TABLES = """
create table if not exists requests(key text primary key, body blob not null, answer text not null);
create table if not exists refunds("order" int not null, amount text not null, at real not null);
"""


def is_signed(headers: Message, body: bytes, secret: str, now: float) -> bool:
    """Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, in base64, behind `v1,`."""
    message, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    # The key is what we go by, so it has to be inside of what was signed.
    if not message or headers.get("Idempotency-Key") != message or not sent.isdecimal():
        return False
    if abs(now - int(sent)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message}.{sent}.".encode() + body, hashlib.sha256)
    wanted = "v1," + base64.b64encode(digest).decode()
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)


def act_once(database: str, key: str, body: bytes) -> tuple[int, str]:
    """Status and answer; the same answer to the same request, however often it comes.

    The effect and the key are written in one transaction: there is never one without the other. If
    the effect lies elsewhere (a payment), hand the key on to whoever has it.
    """
    with closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as connection:
        connection.execute("begin immediate")
        known = connection.execute(
            "select body, answer from requests where key = ?", [key]
        ).fetchone()
        if known:
            return (200, known[1]) if known[0] == body else (422, '{"error": "key used before"}')
        try:
            refund = json.loads(body)
            row = [int(refund["order"]), str(refund["amount"]), time.time()]
        except (ValueError, KeyError, TypeError):
            return 400, '{"error": "an order and an amount are needed"}'
        connection.execute("insert into refunds values(?, ?, ?)", row)
        answer = json.dumps({"refunded": row[1], "order": row[0]})
        connection.execute("insert into requests values(?, ?, ?)", [key, body, answer])
        connection.execute("commit")
    return 200, answer


class Receiver(BaseHTTPRequestHandler):
    secret: str
    database: str
    timeout = 20

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST:
            return self.answer(413, '{"error": "too long"}')
        body = self.rfile.read(int(length))
        if not is_signed(self.headers, body, self.secret, time.time()):
            return self.answer(401, '{"error": "not signed by whom I know"}')
        return self.answer(*act_once(self.database, self.headers["webhook-id"], body))

    def answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Neither bodies nor signatures: a line a request."""
        print(self.command, self.path.partition("?")[0], args[1], file=sys.stderr, flush=True)


def main() -> None:
    port, Receiver.database = int(sys.argv[1]), sys.argv[2]
    Receiver.secret = os.environ["WEBHOOK_SECRET"]
    with closing(sqlite3.connect(Receiver.database)) as connection:
        connection.executescript(TABLES)
    with ThreadingHTTPServer(("127.0.0.1", port), Receiver) as server:
        print(f"listening on 127.0.0.1:{server.server_port}", file=sys.stderr, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
