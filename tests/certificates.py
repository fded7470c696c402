"""A certification authority of a test's own, and the certificates that it signs (openssl)."""

import ssl
import subprocess
from pathlib import Path

LOCALHOST = "DNS:localhost"


class Authority:
    """`certificate` is what its believers hold."""

    def __init__(self, directory: Path, name: str = "ca") -> None:
        self._directory = directory
        self._key = directory / f"{name}.key"
        self.certificate = directory / f"{name}.pem"
        _openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN=Authority {name}"),
            *("-keyout", str(self._key), "-out", str(self.certificate)),
        )

    def issue(self, name: str, alternative: str = LOCALHOST, days: int = 2) -> tuple[Path, Path]:
        """The files of a certificate and its key. With days below 0 it has expired."""
        key, request = self._directory / f"{name}.key", self._directory / f"{name}.csr"
        certificate = self._directory / f"{name}.pem"
        _openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-addext", f"subjectAltName={alternative}"),
            *("-keyout", str(key), "-out", str(request)),
        )
        _openssl(
            *("x509", "-req", "-in", str(request), "-copy_extensions", "copy"),
            *("-CA", str(self.certificate), "-CAkey", str(self._key), "-days", str(days)),
            *("-out", str(certificate)),
        )
        return certificate, key


def server_context(files: tuple[Path, Path], clients: Authority | None = None) -> ssl.SSLContext:
    """For a server; with `clients` it lets nobody in whom that authority has not certified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    if clients is not None:
        context.load_verify_locations(clients.certificate)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
