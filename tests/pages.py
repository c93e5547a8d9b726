"""Reads pages as a browser would, and finds what no page may have.

Every page that a test opens with the `page` fixture goes through `lint`.
"""

from bs4 import BeautifulSoup, Tag

#: Attributes that run script when something happens ("onclick"); none may be in a page.
HANDLER = "on"
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


def parse(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html5lib")


def fragment(html: str) -> Tag:
    """The one element that a fragment consists of."""
    elements = [child for child in parse(html).body.children if isinstance(child, Tag)]
    assert len(elements) == 1, f"a fragment is one element, not {len(elements)}"
    return elements[0]


def lint(soup: BeautifulSoup) -> None:
    """Fail with everything that is wrong with a whole page."""
    faults = [*_headings(soup), *_ids(soup), *_labels(soup), *_forms(soup), *_inline(soup)]
    assert not faults, "\n".join(faults)


def form_data(form: Tag, **changes: object) -> dict[str, object]:
    """What a browser would send for a form as it stands, with `changes` typed in."""
    data: dict[str, object] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name, value = field.get("name"), _value(field)
        if name and value is not None and not field.has_attr("disabled"):
            data.setdefault(name, []).append(value)
    return {name: given[0] if len(given) == 1 else given for name, given in data.items()} | changes


def text(element: Tag) -> str:
    """The words of an element, with single spaces."""
    return " ".join(element.get_text(" ").split())


def _value(field: Tag) -> str | None:
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    if field.name == "select":
        chosen = field.find("option", selected=True) or field.find("option")
        return chosen.get("value", chosen.get_text()) if chosen else None
    kind = field.get("type", "text")
    if kind in ("submit", "button", "image", "reset", "file"):
        return None
    if kind in ("checkbox", "radio"):
        return field.get("value", "on") if field.has_attr("checked") else None
    return field.get("value", "")


def _headings(soup: BeautifulSoup) -> list[str]:
    headings = soup.find_all("h1")
    if len(headings) != 1:
        return [f"{len(headings)} h1 elements, not one"]
    heading, title = text(headings[0]), text(soup.title) if soup.title else ""
    return (
        [] if heading and heading in title else [f"the title {title!r} does not say the heading {heading!r}"]
    )


def _ids(soup: BeautifulSoup) -> list[str]:
    ids = [element["id"] for element in soup.find_all(id=True)]
    return [
        f"the id {one!r} is there {ids.count(one)} times" for one in sorted(set(ids)) if ids.count(one) > 1
    ]


def _labels(soup: BeautifulSoup) -> list[str]:
    fields = [
        field
        for field in soup.find_all(["input", "select", "textarea"])
        if field.get("type", "text") not in UNLABELLED
    ]
    return [f"no label for {field}" for field in fields if not _is_labelled(soup, field)]


def _is_labelled(soup: BeautifulSoup, field: Tag) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label"):
        return True
    return bool(field.get("id") and soup.find("label", attrs={"for": field["id"]}))


def _forms(soup: BeautifulSoup) -> list[str]:
    faults = []
    for form in soup.find_all("form"):
        if not form.get("action"):
            faults.append(f"a form without an action: {str(form)[:120]}")
        if form.get("method", "get").lower() == "post" and not form.find(
            "input", attrs={"name": "csrf_token"}
        ):
            faults.append(f"a form that changes something, without a token: {str(form)[:120]}")
    return faults


def _inline(soup: BeautifulSoup) -> list[str]:
    faults = [
        f"script inside the page: {str(one)[:80]}" for one in soup.find_all("script") if not one.get("src")
    ]
    faults += [f"a style element inside the page: {str(one)[:80]}" for one in soup.find_all("style")]
    for element in soup.find_all(True):
        handlers = [name for name in element.attrs if name.startswith(HANDLER) or name == "style"]
        faults += [f"{name} on <{element.name}>" for name in handlers]
    return faults
