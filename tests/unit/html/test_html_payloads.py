"""Text that fights: whatever it holds, what comes out can't act on our pages."""

import re

import html5lib
import pytest
from hypothesis import given, settings, strategies as st

from webapp.html import Links, render

HTML = "{http://www.w3.org/1999/xhtml}"
LINKS = Links(
    file=lambda path: f"/courses/1/embedded/{path}",
    activity=lambda cmid: f"/courses/1/activities/{cmid}",
    course="/courses/1",
)
TAGS = {
    "a", "abbr", "acronym", "article", "audio", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
    "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source", "span",
    "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time",
    "tr", "track", "tt", "u", "ul", "var", "video", "wbr",
}  # fmt: skip
ATTRIBUTES = {
    "id", "lang", "dir", "title", "href", "name", "rel", "src", "alt", "width", "height", "controls",
    "preload", "poster", "type", "kind", "srclang", "label", "colspan", "rowspan", "scope", "span",
    "start", "reversed", "value", "open", "datetime", "data-css",
}  # fmt: skip

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
    "<svg><use href='data:image/svg+xml,<svg id=x><script>alert(1)</script></svg>#x'></use></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img src='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<xmp><p title=\"</xmp><svg/onload=alert(1)>\">",
    "<plaintext><img src=x onerror=alert(1)>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src='https://evil.example/'></iframe>",
    "<iframe src='https://evil.example/?\"><img src=x onerror=alert(1)>'></iframe>",
    "<iframe><img src='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<iframe src='https://x.example/'><!--</iframe><img src=x onerror=alert(1)>--></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<applet code=x></applet><frameset><frame src='javascript:alert(1)'></frameset>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href=' \n\tJaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='>",
    "<video src='javascript:alert(1)' poster='javascript:alert(1)'></video>",
    "<video><source onerror=alert(1) src='https://evil.example/x.mp4'></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<video><video><source src='@@PLUGINFILE@@/a.mp4'></video><img src=x onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)><html onmouseover=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>*{position:fixed}</style>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<form action='/courses/1/delete' method=post><input name=csrf_token><button>Sign in again</button></form>",
    "<button formaction='javascript:alert(1)'>x</button><input type=image src=x onerror=alert(1)>",
    "<div hx-get='/courses/1/edit' hx-trigger='load'>x</div>",
    "<div data-hx-post='/sign-out' data-hx-trigger='load' hx-on:click='alert(1)'>x</div>",
    "<div hx-vals='js:{a:alert(1)}' hx-swap-oob='true' id='main'>x</div>",
    "<meta name='htmx-config' content='{\"allowEval\":true}'>",
    "<p id='main'>x</p><a name='getElementById'></a><img name='cookie'><form id='forms'>",
    "<div class='toast'>x</div><div class='notice bad' role='alert'>Sign in</div>",
    "<div style='position:fixed;inset:0;z-index:99'>x</div>",
    "<div style='background:url(https://evil.example/x.png)'>x</div>",
    "<div style='width:expression(alert(1));-moz-binding:url(x)'>x</div>",
    "<div style=\"color:red;}</style><script>alert(1)</script>\">x</div>",
    "<div style='margin-top:-9999px;padding:-1px'>x</div>",
    "<div data-css='position:fixed;inset:0'>x</div>",
    "<p title='<h1 style=\"position:fixed\">'>x</p>",
    "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    "<img alt='\"><script>alert(1)</script>' src='https://evil.example/x.png'>",
    "<img alt='&lt;img src=x onerror=alert(1)&gt;' src='https://evil.example/x.png'>",
    "<img alt='&lt;script&gt;alert(1)&lt;/script&gt;'>",
    "<a href='@@PLUGINFILE@@/\"onmouseover=alert(1) x=\"'>x</a>",
    "<img src='@@PLUGINFILE@@///[\"><script>alert(1)</script>'>",
    "<a href='$@PAGEVIEWBYID*1@$\" onclick=\"alert(1)'>x</a>",
    "$@PAGEVIEWBYID*1@$<script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<p is='x-script' slot=a part=b contenteditable autofocus tabindex=1 accesskey=x>x</p>",
    "<a href='https://x.example' target=_top ping='https://evil.example' download>x</a>",
    "<area href='javascript:alert(1)'><map name=x></map>",
    "<table background='javascript:alert(1)'><td background='x'>x",
    "<h1><h2><h3 onclick=alert(1)>x</h1></h3>",
    "</h1></h2><h2></p></div></section></main><footer>",
    "<a><a href='https://a.example'><img src='https://b.example/c.png'></a></a>",
    "<b" + " x" * 3000 + ">x",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "＜script＞alert(1)＜/script＞",
    "<p>\u202e\u2066reversed</p>",
]  # fmt: skip


def elements(shown):
    tree = html5lib.parseFragment(str(shown), namespaceHTMLElements=True)
    return [one for one in tree.iter() if one.tag != "DOCUMENT_FRAGMENT"]


def check(shown):
    """Everything that came out is one of our elements with our attributes, leading somewhere harmless."""
    for one in elements(shown):
        if not isinstance(one.tag, str):
            raise AssertionError(f"a comment: {one.text}")
        assert one.tag.startswith(HTML), one.tag
        assert one.tag.removeprefix(HTML) in TAGS, one.tag
        for name, value in one.attrib.items():
            assert name in ATTRIBUTES, name
            check_attribute(name, value)


def check_attribute(name, value):
    if name in ("href", "src", "poster"):
        assert re.match(
            r"(https?:|mailto:|tel:|#text-|/courses/1|data:image/(png|jpeg|gif|webp);base64,)", value
        )
    if name in ("id", "name"):
        assert value.startswith("text-")
    if name == "data-css":
        assert not re.search(
            r"position|url|expression|inset|z-index|@|\\|/\*|(margin|padding)[^;]*:\s*-", value
        )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_could_act_comes_through(payload):
    check(render(payload, 1, LINKS))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "frame", ["<table><tr><td>{}</table>", "<svg><desc>{}", "<math><mi>{}", "<p title='{}'>x"]
)
def test_nor_from_a_place_where_browsers_read_otherwise(payload, frame):
    check(render(frame.format(payload), 1, LINKS))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_browser_makes_of_it_is_what_was_checked(payload):
    once = str(render(payload, 1, LINKS))

    again = html5lib.serialize(
        html5lib.parseFragment(once),
        quote_attr_values="always",
        omit_optional_tags=False,
        resolve_entities=False,
    )

    check(again)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("format", [0, 2, 4])
def test_the_other_formats_let_nothing_through_either(payload, format):
    check(render(payload, format, LINKS))


piece = st.sampled_from(
    [*PAYLOADS, "<", ">", '"', "'", "</", "<!--", "-->", "&lt;", "&#60;", " ", "=", "/"]
) | st.text(max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(piece, max_size=8).map("".join))
def test_no_mixture_of_them_does(text):
    check(render(text, 1, LINKS))


@pytest.mark.parametrize(
    "tall", ["<div>" * 200_000, "<a><b>" * 100_000, "<table><tr><td>" * 80_000, "<p title='" + "<b>" * 60_000]
)
def test_a_tower_of_elements_costs_no_more_than_its_words(tall):
    shown = render(tall + "'>the end", 1, LINKS)

    check(shown)
    assert "too large" in shown


def test_what_the_filter_fails_at_does_not_come_through(caplog):
    def fail(_path):
        raise RuntimeError("the words of a text")

    shown = render('<p><a href="@@PLUGINFILE@@/map.png">map</a></p>', HTML, Links(file=fail))

    assert "href" not in shown
    assert "map" in shown
    assert "the words of a text" not in caplog.text
