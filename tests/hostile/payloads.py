"""Contents that would act if a page let them: in every text, name and file of a course that holds everything.

Whatever a payload would do, it would call `beacon`, or lead to `evil.example`.
"""

import re

from tests.declared.archive import DeclaredCourse, declared_course

EVIL = "evil.example"
#: One after another they leave any place where a text may stand, and act.
PAYLOADS = [
    "<script>beacon()</script>", "<img src=x onerror=beacon()>", "<svg onload=beacon()>",
    "<a href='javascript:beacon()'>a</a>", "<a href='data:text/html,<script>beacon()</script>'>b</a>",
    "<p hx-get='/?beacon' hx-trigger='load' data-hx-post='/sign-out?beacon' hx-on:click='beacon()'>c</p>",
    "<form action='/courses/1/delete?beacon' method='post'><input name='beacon'><button>d</button></form>",
    "<iframe src='https://evil.example/'></iframe><iframe srcdoc='<script>beacon()</script>'></iframe>",
    "<object data='https://evil.example/'></object><embed src='https://evil.example/'>",
    "<base href='https://evil.example/'><meta http-equiv='refresh' content='0;url=https://evil.example/'>",
    "<link rel='stylesheet' href='https://evil.example/'><style>*{position:fixed}</style>",
    "<p id='main' style='position:fixed;inset:0;background:url(https://evil.example/)' onclick='beacon()'>e</p>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=beacon()&gt;'>",
    "</title></textarea></select></script></style><img src=x onerror=beacon()>",
    "\" onmouseover=\"beacon()\" x=\"", "' onfocus='beacon()' autofocus x='", "{{ beacon() }}{% beacon %}${beacon()}",
    "javascript:beacon()", "--><img src=x onerror=beacon()>", "]]><script>beacon()</script>",
]  # fmt: skip
#: What fits into a name of a file: no way in it.
IN_A_NAME = "\"'><img src=x onerror=beacon()>"

#: Elements that no text may bring. Our own pages have some; then none of them knows of a payload.
ACTIVE = [
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "link",
    "meta",
    "svg",
    "math",
    "frame",
]
#: Attributes that only hold words.
WORDS = {
    "title",
    "alt",
    "value",
    "placeholder",
    "aria-label",
    "label",
    "content",
    "data-label",
}


def hostile_course(dialect: str = "4.5", *, each: bool = False) -> DeclaredCourse:
    """A course with an activity of every type, and in each of its texts a payload in turn; or `each` of them."""
    course = declared_course(dialect, odd=[" ".join(PAYLOADS)] if each else PAYLOADS, file_word=IN_A_NAME)
    for leaf, name in (("fullname", PAYLOADS[0]), ("shortname", IN_A_NAME)):
        course.documents["course/course.xml"].find(leaf).text = name
    return course


def faults_in(soup) -> list[str]:
    """What in a page comes from a payload, and could act."""
    faults = [f"script in the page: {one}" for one in soup.find_all("script") if not one.get("src")]
    faults += [str(one) for name in ACTIVE for one in soup.find_all(name) if _knows_payload(one)]
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            said = " ".join(value) if isinstance(value, list) else value
            if (
                name.startswith("on")
                or name == "style"
                or (_speaks(said) and not _is_harmless(element, name, said))
            ):
                faults.append(f"{name}={said[:80]!r} on <{element.name}>")
    return faults


def _speaks(text: str) -> bool:
    return "beacon" in text or EVIL in text


def _is_harmless(element, name: str, value: str) -> bool:
    if name in WORDS:
        return True
    # A link to elsewhere is one; what is ours may name a file, also as a picture.
    outside = re.match(r"https?://", value) and "noopener" in element.get("rel", [])
    is_ours = re.match(r"/[^/]", value)
    if element.name == "img":
        return name == "src" and bool(is_ours)
    return element.name == "a" and name == "href" and bool(outside or is_ours)


def _knows_payload(element) -> bool:
    if element.name in ("form", "svg"):
        return _speaks(element.get("action", ""))
    return _speaks(element.decode_contents()) or any(_speaks(str(one)) for one in element.attrs.values())
