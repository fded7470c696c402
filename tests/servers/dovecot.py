"""Dovecot as Debian packages it, with our own configuration, and TLS by our own certificate."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.store import ImapProcess, free_port, started, stop

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{home}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
mail_max_userip_connections = 100
ssl = required
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
  # Else who was refused waits, longer every time, for all of this machine.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
"""


def executable() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


More = Callable[[Path], str]
"""What a test has configured besides; it may put files into the directory that it is given."""


@contextmanager
def dovecot(password: str, prefix: str = "", more: More | None = None) -> Iterator[ImapProcess]:
    """Run it in a directory of its own, which its mail processes can enter: pytest's are closed to
    them, and closed again by every other run. With a prefix all folders but INBOX stand below it;
    its last character tells their levels apart."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as directory:
        Path(directory).chmod(0o711)
        yield from _running(Path(directory), password, prefix, more)


def _running(home: Path, password: str, prefix: str, more: More | None) -> Iterator[ImapProcess]:
    server, command = prepared(home, password, prefix, more)
    process = started(command, home / "out", server)
    try:
        yield server
    finally:
        stop(process)


def prepared(
    home: Path, password: str, prefix: str = "", more: More | None = None
) -> tuple[ImapProcess, list[str]]:
    """A server that does not run yet, and the command that starts it, as often as you like: its
    mail stays in `home`, which its mail processes must be able to enter."""
    command = executable()
    assert command is not None
    # It refuses to open mail as root.
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    port = free_port()
    for directory in (home / "run", home / "mail"):
        directory.mkdir()
        os.chown(directory, user.pw_uid, user.pw_gid)
    certificate = _certificate(home)
    text = CONFIGURATION.format(
        home=home,
        port=port,
        user=user.pw_name,
        group=_group(user.pw_gid),
        password=password,
        prefix=prefix,
        separator=prefix[-1:] or "/",
    )
    configuration = home / "dovecot.conf"
    configuration.write_text(text + (more(home) if more else ""))
    reach = {
        "IMAP_HOST": "localhost",
        "IMAP_PORT": str(port),
        "IMAP_SECURITY": "tls",
        "SSL_CERT_FILE": str(certificate),
    }
    server = ImapProcess("dovecot", port, reach, certificate)
    return server, [command, "-F", "-c", str(configuration)]


def _certificate(home: Path) -> Path:
    certificate = home / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(home / "key.pem"), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return certificate


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name
