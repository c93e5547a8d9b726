"""Editing a course in the browser, without any script."""

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
TEXT = "<p>Ebb &amp; flood</p>\n<p><img src=\"@@PLUGINFILE@@/a%20b.png\" alt=\"\" class=\"wide\"></p>"  # fmt: skip


def the_form(soup):
    """The form of a page, beside which there may be one of buttons alone."""
    return next(form for form in soup.select("main form") if form.get("id") != "deeds")
