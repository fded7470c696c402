"""Dovecot that checks access tokens itself: JWTs, by a key that it shares with whoever gives them
out (`local_validation_key_dict`)."""

import base64
import secrets
import time
from pathlib import Path

from tests.helper_command import jwt

CONFIGURATION = """
auth_mechanisms = plain {mechanisms}
auth_failure_delay = 0
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
"""
OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={home}/keys/
username_attribute = sub
scope = mail
"""


class Issuer:
    """Gives tokens out for one Dovecot."""

    def __init__(self, mechanisms: str = "xoauth2 oauthbearer") -> None:
        self._mechanisms = mechanisms
        self._key = b""
        self._file = Path()

    def token(self, user: str, seconds: float = 3600.0, **claims: object) -> str:
        """Good for so long. The claims change nothing but its letters."""
        now = int(time.time())
        told = {"sub": user, "scope": "mail", "iat": now - 60, "exp": int(now + seconds)}
        return jwt(self._key, {**told, **claims})

    def change_key(self) -> None:
        """After its next start Dovecot refuses every token that was given out before."""
        self._key = secrets.token_bytes(32)
        self._file.write_bytes(base64.b64encode(self._key))

    def configuration(self, home: Path) -> str:
        """For `tests.servers.dovecot`."""
        self._file = home / "keys" / "default" / "HS256" / "default"
        self._file.parent.mkdir(parents=True)
        self.change_key()
        (home / "oauth2.conf").write_text(OAUTH2.format(home=home))
        return CONFIGURATION.format(home=home, mechanisms=self._mechanisms)
