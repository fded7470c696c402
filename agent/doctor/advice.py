"""Pure: what to do about what a mail server, or the way to it, has said."""

_FIT = "tls is SMTP 465, IMAP 993; starttls is SMTP 587"
_ROWS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("_TOKEN_COMMAND:", "_PASSWORD_COMMAND:"),
        "run the command by hand, as the worker's user",
    ),
    (
        ("takes no access token",),
        "let the server offer XOAUTH2, or take {0}_PASSWORD in place of {0}_TOKEN_COMMAND",
    ),
    (
        ("in place of a password", "refused the certificate"),
        "let the server take EXTERNAL with this certificate for {0}_USERNAME; or set {0}_PASSWORD",
    ),
    (
        ("5.7.139",),
        "SMTP is off for this mailbox, or for all of the tenant: docs/hosts/microsoft-365.md",
    ),
    (
        ("refused SELECT", "authenticated but not connected"),
        "the login is good, and opens no mailbox: {0}_USERNAME has to be one that it may read",
    ),
    (
        ("refused the token", "no access token"),
        "{0}_TOKEN_COMMAND: what it prints has to be for this host, user and scope",
    ),
    (
        ("refused the login", "wants a login"),
        "{0}_USERNAME and {0}_PASSWORD (or its …_FILE, …_COMMAND); "
        "many hosts want an app password or {0}_TOKEN_COMMAND",
    ),
    (("takes no password: it offers none",), "{0}_TOKEN_COMMAND in place of the password"),
    (("takes no login now",), "the server's own log says why; nothing is wrong with the password"),
    (("LOGINDISABLED", "takes only ASCII"), "let the server take LOGIN or AUTH=PLAIN over TLS"),
    (("WRONG_VERSION_NUMBER", "record layer"), "{0}_PORT and {0}_SECURITY do not fit: " + _FIT),
    # A port for TLS from the start waits for us to begin.
    (
        ("waiting for server ready", "no answer within"),
        "do {0}_PORT and {0}_SECURITY fit (" + _FIT + ")? else a firewall, or a server that hangs",
    ),
    (("Malformed SMTP response", "it said '"), "{0}_PORT: something else answers there"),
    (
        ("AUTH extension",),
        "that port takes no login: SMTP_SECURITY and SMTP_PORT tls, 465, or starttls, 587; "
        "or no SMTP_USERNAME",
    ),
    (
        ("UNEXPECTED_EOF", "Unexpected EOF", "closed the connection", "certificate required"),
        "{0}_PORT and {0}_SECURITY may not fit; or it wants a certificate: {0}_CLIENT_CERT_FILE",
    ),
    (
        ("UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS", "KEY_TOO_SMALL", "MD_TOO_WEAK"),
        "its TLS, or its certificate, is too old for this machine: it takes TLS 1.2, and 2048 bits",
    ),
    (("STARTTLS",), "that port speaks no STARTTLS: SMTP_SECURITY=tls and SMTP_PORT=465"),
    (
        ("client certificate",),
        "{0}_CLIENT_CERT_FILE: the server wants a certificate of the agent's, and its key",
    ),
    (("has expired",), "renew the server's certificate: nothing here can mend that"),
    (
        ("not valid for",),
        "{0}_HOST: the server's name as in its certificate; an address will hardly do",
    ),
    (
        ("local issuer", "self-signed", "self signed"),
        "{0}_CA_FILE: a file (PEM) with the certificate of the CA that has signed the server's",
    ),
    (
        ("certificate",),
        "{0}_HOST has to be a name in a valid certificate; a CA of your own: {0}_CA_FILE",
    ),
    (("Name or service not known", "getaddrinfo", "No address"), "{0}_HOST: there is no such name"),
    (
        ("Sender address", "not owned", "SendAsDenied", "send as"),
        "MAIL_FROM has to be an address that SMTP_USERNAME may send as",
    ),
)
_ELSE = "{0}_HOST and {0}_PORT, or a firewall between; is the server up?"


def advice_for(protocol: str, said: str) -> str:
    """`protocol`: SMTP or IMAP, as the settings' names begin; `said`: the words of a MailError."""
    folded = said.lower()
    for words, advice in _ROWS:
        if any(word.lower() in folded for word in words):
            return advice.format(protocol)
    return _ELSE.format(protocol)
