"""Where a request comes from, in the few words that the record of log-ins keeps."""

import re

from fastapi import Request

from inbox.services.security_events import Where

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
LONGEST_ADDRESS = 45


def where_of(request: Request) -> Where:
    """Address and device of a request. The address is the reverse proxy's word where the server trusts one."""
    address = request.client.host if request.client else "unknown"
    return Where(address=address[:LONGEST_ADDRESS], device=_device(request.headers.get("user-agent", "")))


def _device(agent: str) -> str:
    names = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in names if name) or re.sub(r"[^\w ./-]", "", agent)[:40]
