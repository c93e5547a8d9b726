"""What pages show of glossaries, wikis and databases."""

import pytest

from tests.course_documents import MADE_AT, StoredFile, leaves, node
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.viewing import AMIRA, BEN, CONTEXT, HOSTILE, address_in, counted_queries, own, restored_with, rows


@pytest.fixture
def as_teacher(sign_in_as):
    return lambda course: sign_in_as(make_teacher(course=course))


@pytest.fixture
def as_pupil(sign_in_as):
    return lambda course: sign_in_as(make_person(course=course))


def entry(concept, definition, *aliases, **more):
    values = {"userid": BEN, "approved": 1, "timemodified": MADE_AT} | more
    content = leaves(concept=concept, definition=definition, definitionformat=1, **values)
    return [*content, rows("aliases", "alias", *[leaves(alias_text=one) for one in aliases])]


def said(area, item, words):
    """A comments.xml in which Ben says something about something."""
    one = leaves(commentarea=area, itemid=item, content=words, format=1, userid=BEN, timecreated=MADE_AT)
    return node("comments", [node("comment", one, id=1)])


def glossary_of(*entries, files=(), **documents):
    def category(name, *ids):
        links = rows("category_entries", "category_entry", *[leaves(entryid=one) for one in ids])
        return [*leaves(name=name), links]

    tags = rows("entriestags", "tag", leaves(itemid=1, rawname="sea"))
    categories = rows("categories", "category", category("Movement", 1), category("Birds", 2))
    return restored_with(
        "glossary", [*own(), rows("entries", "entry", *entries), tags, categories], files, **documents
    )


def test_a_glossarys_entries_stand_by_the_alphabet(page, as_teacher, app):
    sketch = StoredFile(700, "sketch.txt", b"A sketch", CONTEXT, "mod_glossary", "attachment", 1)
    course = glossary_of(
        entry("neap", "<p>Small tide.</p>", "dead tide"),
        entry("Écluse", HOSTILE, approved=0),
        entry("zone", "x"),
        entry("Ebb", "x"),
        files=(sketch,),
    )
    as_teacher(course)

    soup = page(address_in(course))

    heads = [text(one) for one in soup.select("article h3")]
    assert heads == ["Ebb", "Écluse Not yet approved", "neap", "zone"]
    neap = text(soup.select("article")[2])
    assert "Ben Okoro" in neap
    assert "Movement" in neap
    assert "Also: dead tide" in neap
    assert "Tags: sea" in neap
    assert soup.find("a", string="sketch.txt")
    assert not soup.select("article script")


def test_a_glossary_of_many_entries_goes_by_pages(page, as_teacher, app):
    course = glossary_of(*[entry(f"Word {one:03}", "x") for one in range(119, -1, -1)])
    as_teacher(course)

    with counted_queries() as asked:
        soup = page(f"{address_in(course)}?page=3")

    assert [text(one) for one in soup.select("article h3")][::19] == ["Word 100", "Word 119"]
    assert "120 entries in all" in soup.text
    assert len(asked) < 30


def test_a_glossary_shows_pupils_its_categories_alone(page, as_pupil, app):
    course = glossary_of(entry("neap", "<p>Small tide.</p>"))
    as_pupil(course)

    soup = page(address_in(course))

    assert "Movement, Birds" in text(soup.main)
    assert "neap" not in soup.text
    assert "Ben" not in soup.main.text


def version(number, who, content, format="html"):
    return leaves(content=content, contentformat=format, version=number, timecreated=MADE_AT, userid=who)


def wiki_page(title, *versions, cached=""):
    content = leaves(title=title, cachedcontent=cached, userid=BEN, timemodified=MADE_AT)
    return [*content, rows("versions", "version", *versions), node("tags", [])]


def wiki_of(*pages, files=(), **documents):
    subwiki = [*leaves(groupid=0, userid=BEN), rows("pages", "page", *pages, first=7)]
    wikis = rows("subwikis", "subwiki", subwiki, first=4)
    return restored_with(
        "wiki", [*own(firstpagetitle="Log", wikimode="individual"), wikis], files, **documents
    )


def test_a_wiki_shows_its_pages_as_they_are_now(page, as_teacher, app):
    chart = StoredFile(700, "chart.txt", b"A chart", CONTEXT, "mod_wiki", "attachments", 4)
    course = wiki_of(
        wiki_page(
            "Log",
            version(0, BEN, ""),
            version(1, BEN, "<p>Monday</p>"),
            version(2, AMIRA, '<p>Tuesday <img src="@@PLUGINFILE@@/chart.png"></p>'),
        ),
        wiki_page("Boats", version(1, BEN, "= Boats =", "creole"), cached=f"<h3>Three boats</h3>{HOSTILE}"),
        wiki_page("Bare", version(1, BEN, "== Bare ==", "nwiki")),
        files=(chart,),
    )
    as_teacher(course)

    soup = page(address_in(course))

    log, boats, bare = soup.select("article")
    assert "Amira Holt" in text(log)
    assert "Ben Okoro’s wiki" in text(log)
    assert "Monday" not in text(log)
    assert log.img["src"].endswith(f"/{CONTEXT}/mod_wiki/attachments/4/chart.png")
    assert "Three boats" in text(boats)
    assert not boats.select("script, [onerror]")
    assert "== Bare ==" in text(bare)
    assert soup.find("a", string="chart.txt")


def test_a_wiki_pages_older_versions_can_be_read(page, as_teacher, app):
    course = wiki_of(
        wiki_page(
            "Log", version(0, BEN, ""), version(1, BEN, "<p>Monday</p>"), version(2, AMIRA, "<p>Tuesday</p>")
        )
    )
    as_teacher(course)
    link = page(address_in(course)).select_one("article a[href*=item]")

    soup = page(link["href"])

    assert text(link) == "1 older version and comments of “Log”"
    assert [text(one)[:21] for one in soup.select("details.more summary")] == ["Version 1, Ben Okoro,"]
    assert "Monday" in text(soup.select_one("details.more"))


def test_a_wikis_pages_link_to_one_another(page, as_teacher, app):
    typed = "[[Boats &amp; crews]] [[boats &amp; crews#Oars|ours]] [[Reefs]]"
    made = '<a class="wiki_newentry" href="https://old.example/mod/wiki/create.php?swid=4">Shoals</a>'
    course = wiki_of(
        wiki_page("Log", version(1, BEN, f"<p title='[[x]]'>{typed}</p>")),
        wiki_page("Boats & crews", version(1, BEN, "= Crews =", "creole"), cached=f"<h3>Crews</h3>{made}"),
        wiki_page("Bare", version(1, BEN, "//<b>// [[Log|the log]]\n[[https://tides.example/|Tides]]", "creole")),
    )  # fmt: skip
    as_teacher(course)

    log, crews, bare = page(address_in(course)).select("article .rich-text")

    links = {text(one): one["href"] for one in log.select("a") + bare.select("a")}
    assert links == {
        "Boats & crews": f"{address_in(course)}?item=8",
        "ours": f"{address_in(course)}?item=8",
        "the log": f"{address_in(course)}?item=7",
        "Tides": "https://tides.example/",
    }
    assert text(log) == "Boats & crews ours Reefs (not there yet)"
    assert text(crews) == "Crews Shoals (not there yet)"
    assert text(bare) == "//<b>// the log Tides"
    assert not crews.select("a")


def test_a_wiki_is_not_for_pupils(page, as_pupil, app):
    course = wiki_of(wiki_page("Secret", version(1, BEN, "<p>Monday</p>")))
    as_pupil(course)

    for address in (address_in(course), f"{address_in(course)}?item=7"):
        soup = page(address)
        assert "What people wrote in this wiki is seen by the course’s teachers." in soup.text
        assert not any(words in soup.main.text for words in ("Secret", "Monday", "Ben"))


FIELDS = {
    "text": ("Shell", ""),
    "textarea": ("Where found", ""),
    "menu": ("Colour", "white\npink"),
    "checkbox": ("Parts", "lid\nbase"),
    "date": ("Found on", ""),
    "url": ("Read on", ""),
    "picture": ("Sketch", ""),
    "latlong": ("Place", ""),
    "whatever": ("Odd one", ""),
}
PLACES = {name: number for number, name in enumerate(FIELDS, 1)}


def database_of(*records, files=(), comments=None, **more):
    fields = [
        leaves(type=type, name=name, param1=param, required=0) for type, (name, param) in FIELDS.items()
    ]
    listed = [
        [*leaves(userid=BEN, groupid=0, timemodified=MADE_AT, approved=0), rows("contents", "content", *one)]
        for one in records
    ]
    content = [
        *own(requiredentries=2, **more),
        rows("fields", "field", *fields),
        rows("records", "record", *listed),
    ]
    return restored_with("data", content, files, **({"comments": comments} if comments else {}))


def filled(type, content, content1=None):
    return leaves(fieldid=PLACES[type], content=content, content1=content1)


def values_of(article):
    """What stands below each label of an entry."""
    return {text(one): text(one.find_next_sibling()) for one in article.select(".label")}


def test_a_databases_entries_show_each_field_in_its_way(page, as_teacher, app):
    sketch = StoredFile(700, "sketch one.png", b"\x89PNG\r\n\x1a\n", CONTEXT, "mod_data", "content", 6)
    thumb = StoredFile(701, "thumb_sketch one.png", b"\x89PNG\r\n\x1a\nx", CONTEXT, "mod_data", "content", 6)
    entry = [
        filled("text", "Cockle <b>"),
        filled("textarea", f"<p>By the quay.</p>{HOSTILE}", 1),
        filled("checkbox", "lid##base"),
        filled("date", "1757635200"),
        filled("url", "https://shells.example/cockle", "A page"),
        filled("picture", "sketch one.png", "A cockle"),
        filled("latlong", "52.1", "4.2"),
        filled("whatever", "kept"),
    ]
    course = database_of(entry, files=(sketch, thumb), approval=1)
    as_teacher(course)

    soup = page(address_in(course))

    shown = soup.select_one("article")
    assert text(shown.h3) == "Cockle <b> Not yet approved"
    values = values_of(shown)
    assert values["Where found"].startswith("By the quay.")
    assert values["Parts"] == "lid, base"
    assert values["Found on"] == "Fri 12 Sep 2025"
    assert values["Place"] == "52.1, 4.2"
    assert values["Odd one"] == "kept"
    assert shown.find("a", href="https://shells.example/cockle").string == "A page"
    assert shown.find("img", alt="A cockle")["src"].endswith("/mod_data/content/6/sketch%20one.png")
    assert [text(one) for one in shown.select("li a")] == ["sketch one.png"]
    assert not shown.select("script, [onerror]")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x"])
def test_a_databases_link_that_no_browser_should_open_is_only_shown(page, as_teacher, app, link):
    course = database_of([filled("url", link)])
    as_teacher(course)

    soup = page(address_in(course))

    assert values_of(soup.select_one("article"))["Read on"] == link
    assert not soup.find("a", href=link)


@pytest.mark.parametrize("date", ["soon", "-99999999999999", "9" * 18])
def test_a_date_that_is_none_is_shown_as_it_was_written(page, as_teacher, app, date):
    course = database_of([filled("text", "Cockle"), filled("date", date)])
    as_teacher(course)

    soup = page(address_in(course))

    assert values_of(soup.select_one("article"))["Found on"] == date


def test_a_database_of_many_entries_goes_by_pages(page, as_teacher, app):
    course = database_of(*[[filled("text", f"Shell {one}")] for one in range(120)])
    as_teacher(course)

    with counted_queries() as asked:
        soup = page(f"{address_in(course)}?page=3")

    assert text(soup.select("article h3")[-1]) == "Shell 119"
    assert "120 entries in all" in soup.text
    assert len(asked) < 30


def test_a_database_shows_pupils_its_fields_alone(page, as_pupil, app):
    course = database_of([filled("text", "Cockle")])
    as_pupil(course)

    soup = page(address_in(course))

    assert "One choice: white, pink" in soup.text
    assert "Each person adds 2 entries" in text(soup.main)
    assert "Cockle" not in soup.text
    assert "Ben" not in soup.main.text


ABOUT = f"<p>So small.</p>{HOSTILE}"


@pytest.mark.parametrize(
    ("make", "asked"),
    [
        (lambda: glossary_of(entry("neap", "x"), comments=said("glossary_entry", 1, ABOUT)), ""),
        (lambda: database_of([filled("text", "Cockle")], comments=said("database_entry", 1, ABOUT)), ""),
        (
            lambda: wiki_of(wiki_page("Log", version(1, AMIRA, "x")), comments=said("wiki_page", 7, ABOUT)),
            "?item=7",
        ),
    ],
    ids=["glossary", "database", "wiki"],
)
def test_what_people_said_about_an_entry_is_with_it(page, as_teacher, app, make, asked):
    course = make()
    as_teacher(course)

    soup = page(f"{address_in(course)}{asked}")

    assert "1 comment Ben Okoro, " in text(soup.main)
    assert "So small." in soup.text
    assert not soup.select(".branch script, .branch [onerror]")
