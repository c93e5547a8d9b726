"""HTML that somebody wrote elsewhere, made fit for our pages."""

from webapp.html.cleaning import (
    AUTO,
    FILE_PREFIX,
    HTML,
    MARKDOWN,
    PLAIN,
    Links,
    address_in,
    clean,
    format_of,
    render,
    words,
)

__all__ = [
    "AUTO",
    "FILE_PREFIX",
    "HTML",
    "MARKDOWN",
    "PLAIN",
    "Links",
    "address_in",
    "clean",
    "format_of",
    "render",
    "words",
]
