"""Single files out of a backup, under their real names, so that none can act as a page of ours."""

import os

import pytest

from tests.archives import HANDOUT, HANDOUT_FILE, PAGE_PICTURE, PICTURE, pack_tgz, pack_zip, small_course
from tests.course_documents import StoredFile
from tests.factories import make_teacher
from tests.pages import text
from tests.running import read_archive
from webapp import places

HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher())


@pytest.fixture
def bring(teacher):
    """Bring an archive's members and have the file read; returns where the pages about it begin."""

    def brought(members, pack=pack_tgz):
        job = read_archive(pack(members), teacher)
        return f"/archives/{job.result['archive_id']}"

    return brought


def of_handout(*more):
    """Files of the handout, as the course's only ones."""
    return [
        StoredFile(700 + place, name, content, 73, "mod_resource")
        for place, (name, content) in enumerate(more)
    ]


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_every_file_can_be_had_under_its_real_name(page, client, bring, pack):
    inside = bring(small_course(), pack)

    links = page(f"{inside}/files").main.find("ul").find_parent("main").select(".leaf a")
    had = {link.string: client.get(link["href"]).data for link in links}

    assert had == {"harbour map.png": PICTURE, "handout.txt": HANDOUT}


def test_the_files_stand_under_what_they_belong_to(page, bring):
    shown = page(f"{bring(small_course())}/files").main

    groups = {text(section.h2): text(section.ul) for section in shown.find_all("section")}

    assert list(groups) == ["Read a tide table", "How to fold a chart"]
    assert groups["Read a tide table"] == "harbour map.png 2.1 kB"


def test_only_harmless_types_are_shown(client, bring):
    files = of_handout(("a.txt", HANDOUT), ("b.html", HTML), ("c.svg", b"<svg/>"), ("d.png", HTML))
    inside = bring(small_course(files=files))

    answers = [client.get(f"{inside}/files/{number}/x") for number in (1, 2, 3, 4)]

    assert [answer.mimetype for answer in answers] == ["text/plain"] + ["application/octet-stream"] * 3
    shown = ["attachment" not in answer.headers["Content-Disposition"] for answer in answers]
    assert shown == [True, False, False, False]
    for answer in answers:
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_file_that_could_be_shown_is_saved_where_that_is_asked(client, bring):
    answer = client.get(f"{bring(small_course())}/files/1/x?download=1")

    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    ['a"b.html', "x\nSet-Cookie: a=b.html", "../../etc/passwd", "خريطة é.html", ";filename=evil.exe", "-"],
)
def test_no_name_can_change_the_answer(client, page, bring, name):
    inside = bring(small_course(files=of_handout((name, HTML))))

    link = page(f"{inside}/files").main.select_one(".leaf a")
    answer = client.get(link["href"])

    assert answer.status_code == 200
    assert answer.data == HTML
    assert "Set-Cookie" not in answer.headers
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "/" not in disposition.replace("UTF-8''", "")


def test_a_damaged_file_is_marked_and_can_only_be_taken_home(page, client, bring):
    members = small_course()
    members[PAGE_PICTURE.entry] = PICTURE[:100]
    inside = bring(members)

    line = page(f"{inside}/files").main.select_one(".leaf")
    answer = client.get(line.a["href"])

    assert "Damaged" in text(line)
    assert "Shorter than it should be" in text(line)
    assert answer.data == PICTURE[:100]
    assert answer.mimetype == "application/octet-stream"


def test_a_missing_file_is_marked_and_can_not_be_had(page, client, bring):
    members = small_course()
    del members[HANDOUT_FILE.entry]
    inside = bring(members)

    shown = page(f"{inside}/activities/resource_43").main

    assert "handout.txt Missing Not in the backup" in text(shown)
    assert not shown.find("a", string="handout.txt")
    assert client.get(f"{inside}/files/2/handout.txt").status_code == 404


def test_a_shortcut_says_that_its_content_lies_elsewhere(page, client, bring):
    members = small_course()
    members["files.xml"] = members["files.xml"].replace(
        b"<reference>$@NULL@$</reference>", b"<reference>cG9vbA==</reference>", 1
    )
    inside = bring(members)

    assert "A shortcut to a file elsewhere" in text(page(f"{inside}/files").main)
    assert client.get(f"{inside}/files/1/x").status_code == 404


def test_an_empty_file_is_sent_as_one(client, bring):
    inside = bring(small_course(files=of_handout(("empty.bin", b""))))

    answer = client.get(f"{inside}/files/1/empty.bin")

    assert (answer.status_code, answer.data) == (200, b"")


def test_a_large_file_comes_in_pieces_and_says_how_long_it_is(client, bring):
    content = bytes(range(256)) * 8000
    inside = bring(small_course(files=of_handout(("film.bin", content))))

    answer = client.get(f"{inside}/files/1/film.bin", buffered=False)
    pieces = list(answer.response)
    answer.close()

    assert answer.content_length == len(content)
    assert len(pieces) > 10
    assert b"".join(pieces) == content


def test_what_the_browser_has_already_is_not_read_again(client, bring):
    inside = bring(small_course())
    tag = client.get(f"{inside}/files/1/x").headers["ETag"]

    answer = client.get(f"{inside}/files/1/x", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_many_files_are_listed_in_pages(page, bring):
    files = of_handout(*((f"map {number}.txt", b"%d" % number) for number in range(130)))
    inside = bring(small_course(files=files))

    first = page(f"{inside}/files").main
    second = page(first.find("a", rel="next")["href"]).main

    assert (len(first.select(".leaf a")), len(second.select(".leaf a"))) == (100, 30)
    assert not second.find("a", rel="next")
    assert "There are more" in text(page(f"{inside}/activities/resource_43").main)


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "x"])
def test_a_page_that_does_not_exist_is_empty_or_the_first(client, bring, number):
    assert client.get(f"{bring(small_course())}/files?page={number}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/files/99/x",
        "/embedded/72/mod_page/content/0/none.png",
        "/embedded/72/mod_page/content/0/../x",
        "/embedded/1/mod_page/content/0/harbour%20map.png",
    ],
)
def test_what_is_not_in_the_archive_is_not_there(client, bring, path):
    assert client.get(bring(small_course()) + path).status_code == 404


def test_an_archive_whose_file_is_gone_gives_out_nothing(client, bring):
    inside = bring(small_course())
    client.get(f"{inside}/files")
    places.archive_path(int(inside.rpartition("/")[2])).unlink()

    assert client.get(f"{inside}/files").status_code == 404
    assert client.get(f"{inside}/files/1/x").status_code == 404


def test_a_file_that_breaks_off_is_sent_too_short(client, bring, caplog):
    film = b" ".join(b"%d" % (number * number) for number in range(200_000))
    inside = bring(small_course(files=of_handout(("film.bin", film))), pack_zip)
    path = places.archive_path(int(inside.rpartition("/")[2]))
    client.get(f"{inside}/files")
    state = path.stat()
    with path.open("r+b") as file:
        file.seek(state.st_size // 2)
        file.write(b"\xff" * 64)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    answer = client.get(f"{inside}/files/1/film.bin", buffered=False)
    sent = b"".join(answer.response)
    answer.close()

    assert answer.content_length == len(film)
    assert len(sent) < len(film)
    assert "broke off" in caplog.text
