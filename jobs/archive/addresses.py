"""What an address on the web says of where it leads."""

from urllib.parse import urlsplit


def host_of(address: str | None) -> str:
    """The site that an address leads to; empty for one that leads nowhere, and for what is none."""
    try:
        return urlsplit(address or "").hostname or ""
    except ValueError:
        return ""
