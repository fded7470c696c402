"""Signatures by which a receiver knows us: as the libraries of Standard Webhooks read them."""

import base64

import pytest

from agent.errors import ConfigurationError
from agent.tools.signing import headers_of, keys_of
from agent.tools.webhook import make_tools
from tests.unit.agent_samples import settings

# The vector that the specification's own libraries are tested with.
KEY = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
MESSAGE, TIMESTAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SECRET = base64.b64encode(b"k" * 32).decode()


def test_a_signature_is_that_of_the_specification():
    assert headers_of([KEY], MESSAGE, TIMESTAMP, BODY) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": str(TIMESTAMP),
        "webhook-signature": SIGNATURE,
    }


def test_while_a_secret_is_changed_both_sign():
    new, old = keys_of(f"whsec_{SECRET}, {base64.b64encode(b'o' * 40).decode()}")
    assert (new, old) == (b"k" * 32, b"o" * 40)
    both = headers_of([new, KEY], MESSAGE, TIMESTAMP, BODY)["webhook-signature"].split()
    assert len(both) == 2 and both[1] == SIGNATURE


def test_what_our_own_command_prints_is_a_secret():
    assert len(keys_of("0123456789abcdef" * 4)[0]) == 48


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "k" * 32, f"{SECRET},", f"whsec_{SECRET}!", "not base64 at all"]
    + [base64.b64encode(b"k" * size).decode() for size in (24, 31, 65)],
)
def test_a_secret_of_another_form_is_refused_and_not_repeated(secret):
    given = settings(webhook_allowed="https://hooks.example.com", webhook_secret=secret)
    with pytest.raises(ConfigurationError) as caught:
        make_tools(given)
    (fault,) = caught.value.faults
    assert fault == "WEBHOOK_SECRET: a secret is 32 to 64 bytes in base64, behind whsec_"
