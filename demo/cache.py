"""Where big downloads and builds are kept, so that a second run, or a second clone, finds them."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

DOWNLOAD_HOST = "temporal.download"
PROBE_SECONDS = 3.0


def cache_directory() -> Path:
    """XDG_CACHE_HOME/mail-approval-agent, made if it is missing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    directory = Path(base) / "mail-approval-agent"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def downloads_reachable(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the SDK's own download is worth a try: it has no timeout of its own.

    Behind a proxy a direct connection proves nothing; there the proxy answers for itself.
    """
    if any(environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    try:
        with socket.create_connection((DOWNLOAD_HOST, 443), timeout=PROBE_SECONDS):
            return True
    except OSError:
        return False
