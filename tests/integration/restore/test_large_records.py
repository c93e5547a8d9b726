"""Records so large that they are kept in pieces: they are shown, changed and written as those that are not."""

import pytest

from tests.course_documents import MADE_AT, leaves, node
from tests.factories import make_admin, make_teacher
from tests.members import members_of
from tests.pages import text
from tests.restored import backed_up, root
from tests.running import back_up, merge
from tests.viewing import AMIRA, BEN, MODULE, address_in, own, restored_with, rows
from tests.written import edit_links, send, the_form
from webapp.extensions import db
from webapp.models import Document, JobState, Record

MANY = 700
LONG = "The gull came back. " * 40
FORUM = f"activities/forum_{MODULE}/forum.xml"
GAME = f"activities/game_{MODULE}/game.xml"
WIKI = f"activities/wiki_{MODULE}/wiki.xml"


def post(number):
    """An answer to the one before."""
    words = f"<p>Post {number}: Ben Okoro writes. {LONG}</p>"
    return leaves(parent=number - 1, userid=BEN, created=MADE_AT, subject=f"Gull {number}", message=words)


def a_forum():
    posts = rows("posts", "post", *map(post, range(1, MANY + 1)))
    content = leaves(name="Gulls", firstpost=1, userid=AMIRA, groupid=-1)
    discussion = [*content, posts, node("discussion_subs", [])]
    return [*own(type="general", scale=0), rows("discussions", "discussion", discussion, first=9000)]


def a_game(marks=0, **of_the_last):
    """What nobody has declared: a board with many moves, of which the last one may name somebody."""
    moves = [leaves(words=LONG) for _ in range(MANY)] + [leaves(words="Mate", **of_the_last)]
    marked = rows(
        "marks", "mark", *[leaves(moveid=one, words=LONG) for one in range(1, marks + 1)], first=5000
    )
    board = [*leaves(title="Harbour"), rows("moves", "move", *moves), marked]
    return [*own(), rows("boards", "board", board, first=9000)]


def a_wiki():
    def version(number):
        return leaves(
            content=f"<p>{number}: {LONG}</p>",
            contentformat="html",
            version=number,
            timecreated=5,
            userid=BEN,
        )

    page = leaves(
        title="Log", cachedcontent="", timecreated=5, timemodified=5, timerendered=5, userid=BEN, pageviews=3,
        readonly=0,
    )  # fmt: skip
    page += [rows("versions", "version", *map(version, range(MANY))), node("tags", [])]
    subwiki = [
        *leaves(groupid=0, userid=0),
        rows("pages", "page", page),
        node("synonyms", []),
        node("links", []),
    ]
    return [*own(), rows("subwikis", "subwiki", subwiki)]


def somebodys(name):
    """Of each record that is kept of a document, whether it is somebody's."""
    asked = db.session.query(Record.user_data).join(Document).filter(Document.name == name)
    return [one for (one,) in asked]


@pytest.fixture
def admin(app):
    return make_admin("head")


@pytest.fixture
def forum(app):
    course = restored_with("forum", a_forum())
    assert len(somebodys("forum.xml")) > MANY / 2
    return course


def backed_up_with(course, admin, **options):
    return members_of(back_up(course, admin, **options)[1])


def thread(discussion):
    return [
        (one.get("id"), one.findtext("parent"), one.findtext("message")) for one in discussion.iter("post")
    ]


def test_a_discussion_in_pieces_goes_out_as_it_came_in(forum, admin):
    after = backed_up(forum, admin)

    (discussion,) = root(after, FORUM).iterfind("forum/discussions/discussion")
    assert [one.tag for one in discussion] == [
        "name", "firstpost", "userid", "groupid", "posts", "discussion_subs",
    ]  # fmt: skip
    said = [{name: words for name, _, words in post(number)} for number in range(1, MANY + 1)]
    assert thread(discussion) == [
        (str(number), str(one["parent"]), one["message"]) for number, one in enumerate(said, 1)
    ]


def test_its_pieces_stay_out_with_people_and_lose_their_names_with_them(forum, admin):
    without = backed_up_with(forum, admin, people=False)
    anonymous = backed_up_with(forum, admin, anonymise=True)

    assert root(without, FORUM).find("forum/discussions/*") is None
    posts = list(root(anonymous, FORUM).iter("post"))
    assert [one.findtext("message").partition(".")[0] for one in (posts[0], posts[-1])] == [
        f"<p>Post {number}: anonfirstname{posts[0].findtext('userid')} anonlastname{posts[0].findtext('userid')} writes"
        for number in (1, MANY)
    ]
    assert b"Okoro" not in anonymous[FORUM]


def test_added_to_a_course_its_pieces_get_new_ids_that_fit_together(forum, admin):
    _, path = back_up(forum, admin)

    job = merge(path.read_bytes(), admin, forum)

    assert job.state == JobState.DONE, job.problem or job.warnings
    after = backed_up(forum, admin)
    (added,) = (
        name for name in after if name.endswith("/forum.xml") and name != FORUM and b"Gull 9" in after[name]
    )
    (discussion,) = root(after, added).iterfind("forum/discussions/discussion")
    posts = thread(discussion)
    assert int(posts[0][0]) > 9000
    assert [parent for _, parent, _ in posts] == ["0", *(number for number, _, _ in posts[:-1])]


def test_what_nobody_declared_finds_what_it_names_in_another_piece(app, admin):
    course = restored_with("game", a_game(marks=MANY))
    assert len(somebodys("game.xml")) > MANY
    _, path = back_up(course, admin)

    merge(path.read_bytes(), admin, course)

    after = backed_up(course, admin)
    (added,) = (name for name in after if name.endswith("/game.xml") and name != GAME)
    game = root(after, added)
    moves = [one.get("id") for one in game.iter("move")]
    assert [one.findtext("moveid") for one in game.iter("mark")] == moves[:MANY]
    assert moves[0] != "1"


def test_its_page_shows_all_of_it(page, forum, sign_in_as):
    sign_in_as(make_teacher(course=forum))

    shown = page(address_in(forum))
    last = page(f"{address_in(forum)}?item=9000&page={MANY // 50}")

    assert f"{MANY - 1} answers" in text(shown.article)
    assert "Post 1: Ben Okoro writes." in text(shown.article)
    assert f"Gull {MANY}" in text(last.main)


def test_what_nobody_declared_is_somebodys_as_a_whole_if_one_piece_of_it_is(app, admin):
    course = restored_with("game", a_game(userid=BEN))

    without, whole = backed_up_with(course, admin, people=False), backed_up(course, admin)

    assert len(somebodys("game.xml")) > MANY / 2
    assert set(somebodys("game.xml")) == {True}
    assert root(without, GAME).find("game/boards/*") is None
    assert len(list(root(whole, GAME).iter("move"))) == MANY + 1


def test_what_nobody_declared_stays_without_people_if_none_of_it_names_one(app, admin):
    course = restored_with("game", a_game())

    without = backed_up_with(course, admin, people=False)

    assert len(somebodys("game.xml")) > MANY / 2
    assert [one.findtext("words") for one in root(without, GAME).iter("move")][-2:] == [LONG, "Mate"]


def test_a_wiki_page_in_pieces_shows_its_versions_by_pages(page, app, sign_in_as):
    course = restored_with("wiki", a_wiki())
    sign_in_as(make_teacher(course=course))

    newest = page(address_in(course))
    last = page(f"{address_in(course)}?item=1&page={MANY // 50}")

    assert f"{MANY - 1} older versions" in text(newest.article)
    assert f"{MANY - 1}: {LONG}".strip() in text(newest.article)
    numbers = [int(text(one).split(",")[0].split()[1]) for one in last.select("details.more summary")]
    assert numbers == list(range(48, -1, -1))


def test_a_wiki_page_in_pieces_is_changed(page, client, app, sign_in_as):
    course = restored_with("wiki", a_wiki())
    teacher = sign_in_as(make_teacher(course=course))
    assert len(somebodys("wiki.xml")) > MANY / 2
    (link,) = edit_links(page(address_in(course)))
    soup = page(link)
    (field,) = [one["name"] for one in the_form(soup).select("textarea") if one["name"].endswith("content")]

    send(client, soup, **{field: "<p>Blue sky.</p>"})

    versions = root(backed_up(course, teacher), WIKI).findall(".//page/versions/version")
    assert [int(one.findtext("version")) for one in versions] == list(range(MANY + 1))
    assert versions[-1].findtext("content") == "<p>Blue sky.</p>"
    assert versions[0].findtext("content") == f"<p>0: {LONG}</p>"
