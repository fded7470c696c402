"""Pure: an http(s) URL in its one form, or none. What two readers might read differently is none:
who lists an origin, who approves a URL and who calls it have to mean the same server."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

_PORTS = {"http": 80, "https": 443}
# RFC 3986, appendix A; in ASCII only: elsewhere `ſ` would be an `s`, and `。` a dot.
_URL = re.compile(
    r"""(?P<scheme>https?)://
    (?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)
    (?::(?P<port>[1-9][0-9]{0,4}))?
    (?P<path>/(?:[a-z0-9._~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?
    (?P<query>\?(?:[a-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*)?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class WebUrl:
    """`text` is `origin`, a path and, if any, a query; without a port that the scheme implies."""

    origin: str
    text: str


def parse_url(text: str) -> WebUrl:
    """Raises ValueError unless it is scheme://host[:port][/path][?query] in ASCII: no user, no
    fragment, no escape in the host, no dot segments, no other spelling of an IP address."""
    parts = _URL.fullmatch(text)
    if parts is None:
        raise ValueError(
            "a URL is http(s)://host:port/path?query in ASCII (a host's other letters as xn--…), "
            "without user, fragment, spaces and backslashes"
        )
    scheme, host = parts["scheme"].lower(), _host(parts["host"].lower())
    port = int(parts["port"] or _PORTS[scheme])
    if port > 65_535:
        raise ValueError(f"there is no port {port}")
    origin = f"{scheme}://{host}" + (f":{port}" if port != _PORTS[scheme] else "")
    path = parts["path"] or "/"
    if any(part in (".", "..") for part in re.sub("%2e", ".", path, flags=re.I).split("/")):
        raise ValueError("its path has . or .. in it")
    return WebUrl(origin, origin + path + (parts["query"] or ""))


def _host(host: str) -> str:
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1])}]"
        except ValueError:
            raise ValueError(f"{host} is no IPv6 address") from None
    labels = host.split(".")
    # What ends in a number is an IPv4 address to a browser, however it is written.
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise ValueError(f"{host} is no IPv4 address of the form 192.0.2.1") from None
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(f"{host[:80]} is no host name")
    return host
