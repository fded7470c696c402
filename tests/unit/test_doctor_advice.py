"""What to do about what a server has said: the setting by its name, or who else can mend it."""

import pytest
from temporalio.exceptions import ApplicationError

from agent.doctor.advice import advice_for
from agent.doctor.model import advice_for as advice_for_model


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("the SMTP server refused the login: 535", "SMTP_TOKEN_COMMAND"),
        ("the SMTP server refused the token: 535", "this host, user and scope"),
        ("the SMTP server refused the login: 535 5.7.139", "microsoft-365.md"),
        ("the SMTP server refused the certificate for a@x.test: 535", "take EXTERNAL"),
        ("the SMTP server takes no password: it offers none of PLAIN", "SMTP_TOKEN_COMMAND"),
        ("the SMTP server takes no certificate in place of a password: …", "take EXTERNAL"),
        ("the IMAP server refused SELECT: BAD User is authenticated but not connected.", "read"),
        ("SMTP_TOKEN_COMMAND: it printed nothing", "run the command"),
        ("… [SSL: WRONG_VERSION_NUMBER] wrong version number", "do not fit"),
        ("the IMAP server cannot be reached: it closed the connection", "CLIENT_CERT_FILE"),
        ("… cannot be reached: Unexpected EOF received", "SMTP_CLIENT_CERT_FILE"),
        ("… [SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:992)", "TLS 1.2"),
        ("the SMTP server takes no access token: it offers neither …", "SMTP_PASSWORD in place of"),
        ("the IMAP server takes no login now: UNAVAILABLE", "log says why"),
        ("… Timed out waiting for server ready message", "SMTP_PORT and SMTP_SECURITY fit"),
        ("… Timed out connecting to localhost on port 465", "or a firewall"),
        ("… -1 Malformed SMTP response line: * OK IMAP4rev1 ready", "something else answers"),
        ("… it said '220 mail.example.com ESMTP Postfix'", "something else answers"),
        ("… 421 4.7.1 localhost Error: No client certificate presented", "SMTP_CLIENT_CERT_FILE"),
        ("… certificate is not believed: self-signed", "SMTP_CA_FILE"),
        ("… unable to get local issuer certificate; SMTP_CA_FILE …", "SMTP_CA_FILE: a file"),
        ("… certificate has expired; only a new …", "renew the server's certificate"),
        ("… certificate is not valid for '192.0.2.1'.", "SMTP_HOST: the server's name"),
        ("… [Errno -2] Name or service not known", "no such name"),
        ("… STARTTLS extension not supported by server.", "SMTP_SECURITY=tls"),
        (
            "… The SMTP AUTH extension is not supported by this server. "
            "Try connecting via TLS (or STARTTLS).",
            "takes no login",
        ),
        ("… Connect call failed", "or a firewall"),
    ],
)
def test_what_a_server_says_has_its_setting(said, advice):
    assert advice in advice_for("SMTP", said)


def test_what_the_worker_would_advise_of_its_model_the_doctor_does():
    known = ApplicationError("the model's server answered 404: …", "set OPENAI_API=chat")
    assert advice_for_model(known) == "set OPENAI_API=chat"
    unknown = ApplicationError("the model's server answered 418: teapot")
    assert "OPENAI_MODEL" in advice_for_model(unknown)
