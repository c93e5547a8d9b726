"""Admins bring in a list of people from a spreadsheet."""

import io

import pytest

from tests.factories import make_admin, make_person, make_sign_in
from tests.pages import form_data, lint, parse, text
from webapp.extensions import db
from webapp.models import AuditEntry, Job, Message, SiteRole, User

HEADER = "username,email,first_name,last_name,role\n"
LIST = HEADER + "nadia,nadia@school.example,Nadia,Brandt,teacher\ntom,,Tom,Ashworth,\n"


@pytest.fixture(autouse=True)
def admin(app, sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def look(client):
    """Send a list and return the page that says what it would do."""

    def send(content):
        raw = content if isinstance(content, bytes) else content.encode()
        answer = client.post("/people/import", data={"table": (io.BytesIO(raw), "people.csv")})
        assert answer.status_code == 422
        soup = parse(answer.text)
        lint(soup)
        return soup

    return send


@pytest.fixture
def carry_out(client, look):
    """Send a list, and then the form of its preview."""

    def send(content, **changes):
        form = look(content).main.form
        return client.post(form["action"], data=form_data(form, **changes))

    return send


def lines(soup):
    """What the page says of each line: its number and what happens."""
    return [(text(row.td), text(row.find_all("td")[-1])) for row in soup.tbody.find_all("tr")]


def refusal(soup):
    return text(soup.find(id="table-error"))


def find(username):
    return db.session.query(User).filter_by(username=username).one_or_none()


def test_nothing_is_written_before_the_list_was_looked_at(look):
    page = look(LIST)

    assert lines(page) == [("2", "New account"), ("3", "New account")]
    assert "Nothing has been written yet." in text(page.main)
    assert db.session.query(User).count() == 1


def test_then_everybody_in_it_has_an_account_without_a_password(page, carry_out):
    answer = carry_out(LIST)

    nadia, tom = find("nadia"), find("tom")
    assert (answer.status_code, answer.location) == (303, "/people")
    assert (nadia.name, nadia.email, nadia.role) == ("Nadia Brandt", "nadia@school.example", SiteRole.TEACHER)
    assert (tom.name, tom.email, tom.role, tom.password_hash) == ("Tom Ashworth", "", SiteRole.MEMBER, None)
    assert "2 accounts made, 0 accounts changed." in text(page("/people").main)
    assert db.session.query(Message).count() == 0


def test_everybody_new_with_an_address_can_be_invited(carry_out):
    carry_out(LIST, invite="y")

    message = db.session.query(Message).one()
    assert message.user_id == find("nadia").id
    assert "/invitation/" in message.text
    assert db.session.query(Job).one().target_id == message.id


@pytest.mark.parametrize(
    "content",
    [
        LIST.replace(",", ";"),
        "\ufeff" + LIST,
        LIST.replace("\n", "\r\n"),
        LIST.replace("\n", "\n\n"),
        "Last Name,USERNAME,email,Role,first name\nBrandt,nadia,nadia@school.example,Teacher,Nadia\n"
        "Ashworth,tom,,,Tom\n",
        '"username","email","first_name","last_name","role"\n"nadia","nadia@school.example","Nadia","Brandt","teacher"\n'
        '" tom ","","Tom","Ashworth",""',
    ],
)
def test_lists_are_read_as_spreadsheets_write_them(carry_out, content):
    carry_out(content)

    assert (find("nadia").name, find("nadia").role) == ("Nadia Brandt", SiteRole.TEACHER)
    assert find("tom").name == "Tom Ashworth"


def test_whoever_is_there_is_changed_where_the_list_says_something_new(carry_out, look):
    make_person("nadia", first_name="Nadia", last_name="Okafor", email="n@old.example")
    make_person(
        "tom", first_name="Tom", last_name="Ashworth", email="tom@keep.example", role=SiteRole.TEACHER
    )

    page = look(LIST)
    carry_out(LIST)

    nadia, tom = find("nadia"), find("tom")
    assert lines(page) == [
        (
            "2",
            "Changed Mail address: n@old.example → nadia@school.example Last name: Okafor → Brandt "
            "Role: Member → Teacher",
        ),
        ("3", "As before"),
    ]
    assert (nadia.last_name, nadia.email, nadia.role) == ("Brandt", "nadia@school.example", SiteRole.TEACHER)
    assert (tom.email, tom.role) == ("tom@keep.example", SiteRole.TEACHER)


def test_a_list_that_was_taken_away_comes_in_again_as_it_is(client, look):
    make_person("tom", first_name="=1+1", last_name="'-Neill", email="")
    make_person("off", active=False)

    taken = client.get("/people.csv").data

    assert {result for _number, result in lines(look(taken))} == {"As before"}


def test_a_list_can_switch_somebody_off_which_signs_them_out(app, carry_out, look):
    token = make_sign_in(make_person("tom"))
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["token"] = token
    content = "username,active\ntom,no\n"

    shown = lines(look(content))
    carry_out(content)

    assert shown == [("2", "Changed May sign in: yes → no")]
    assert not find("tom").active
    assert browser.get("/account").status_code == 303


def test_what_a_list_did_is_noted_for_each_person(carry_out):
    tom = make_person("tom", last_name="Okafor")

    carry_out(LIST)

    entries = db.session.query(AuditEntry).order_by(AuditEntry.thing_id)
    assert [(one.action, one.thing_id) for one in entries] == [
        ("person changed", tom.id),
        ("person made", find("nadia").id),
    ]


def test_user_names_are_the_same_however_their_letters_are_written(look):
    make_person("Nadia", first_name="Nadia", last_name="Brandt", email="nadia@school.example")

    assert lines(look("username,email\nNADIA,nadia@school.example\n")) == [("2", "As before")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",x@school.example,X,Y,member", "A user name has small letters"),
        ("nadia brandt,,,,", "A user name has small letters"),
        ("nadia,nadia,,,", "does not look like a mail address"),
        ("nadia,,,,headmaster", "“headmaster” is no role here: it is one of admin, teacher, member."),
        ("nadia,,,", "This line has 4 fields, and the header has 5."),
        ("nadia,,,,,", "This line has 6 fields, and the header has 5."),
        ("nadia,ruth@school.example,,,", "Another account here has this mail address."),
        ("zoe,,,,", "Line 2 has this user name already."),
        ("nadia,ZOE@school.example,,,", "Line 2 has this mail address already."),
        ("ruth,,,,member", "This is an admin."),
        (f"nadia,,{'x' * 101},,", "no more than 100 letters"),
    ],
)
def test_a_wrong_line_is_named_with_its_reason_and_keeps_all_from_being_written(
    look, carry_out, line, reason
):
    content = HEADER + "zoe,zoe@school.example,Zoe,Larsen,\n" + line + "\n"

    page = look(content)
    answer = carry_out(content)

    assert lines(page)[0] == ("2", "New account")
    assert lines(page)[1][0] == "3"
    assert lines(page)[1][1].startswith("Wrong ")
    assert reason in lines(page)[1][1]
    assert answer.status_code == 422
    assert "Say that wrong lines may be left out" in text(parse(answer.text).find(id="leave_out-error"))
    assert find("zoe") is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [("tom,maybe", "“maybe” under active is neither yes nor no."), ("ruth,no", "This is an admin.")],
)
def test_who_may_sign_in_is_said_by_yes_or_no_and_not_of_admins(look, line, reason):
    assert reason in lines(look(f"username,active\n{line}\n"))[0][1]


def test_wrong_lines_can_be_left_out(page, carry_out):
    carry_out(HEADER + "zoe,zoe@school.example,Zoe,Larsen,\nnadia brandt,,,,\n", leave_out="y")

    assert find("zoe")
    assert db.session.query(User).count() == 2
    assert "1 account made, 0 accounts changed. 1 line left out." in text(page("/people").main)


def test_an_address_is_free_again_when_its_line_is_left_out(look):
    page = look(HEADER + "nadia brandt,n@school.example,,,\nnadia,n@school.example,,,\n")

    assert [happens for _, happens in lines(page)][1] == "New account"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "must name a column username"),
        (b"name,mail\nx,y\n", "“name” is none of username, email, first_name, last_name, role"),
        (b"email,role\nx@y.example,member\n", "must name a column username"),
        (b"username,email,email\na,b,c\n", "names the column email twice"),
        (HEADER.encode(), "There is nobody in this list"),
        ("username,last_name\nzoe,Lärsen\n".encode("latin-1"), "not in UTF-8"),
        (b"PK\x03\x04\0\0username", "not a CSV file"),
        (b'username,email\n"zoe,z@school.example\n', "quotation mark too many"),
        (b"username\n" + b"".join(b"pupil%d\n" % n for n in range(2001)), "more than 2,000 lines"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(look, content, reason):
    assert reason in refusal(look(content))


def test_a_large_file_is_refused(client):
    head = b'--cut\r\nContent-Disposition: form-data; name="table"; filename="people.csv"\r\n\r\nusername\n'
    body = head + b"x" * 1_000_000 + b"\r\n--cut--\r\n"

    answer = client.post("/people/import", data=body, content_type="multipart/form-data; boundary=cut")

    assert "larger than 1 MB" in refusal(parse(answer.text))


def test_a_form_without_a_file_says_so(client):
    answer = client.post("/people/import", data={})

    assert answer.status_code == 422
    assert "Choose a file first." in refusal(parse(answer.text))


def test_what_comes_back_with_the_preview_is_checked_again(client):
    answer = client.post("/people/import/now", data={"text": "name\nzoe\n"})

    assert answer.status_code == 422
    assert "none of username" in refusal(parse(answer.text))


def test_names_in_a_list_are_only_words_on_the_page(look):
    page = look("username,first_name\nzoe,<script>alert(1)</script>\n")

    assert "<script>alert(1)</script>" in text(page.tbody)


def test_the_page_shows_how_a_list_looks(page):
    assert "username,email,first_name,last_name,role" in text(page("/people/import").pre)
