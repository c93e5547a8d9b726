"""What a page draws once and fills in for each row is what it would have drawn for each."""

import contextvars

from flask import render_template_string, url_for

BLOCK = (
    '{% for row in rows %}{% call(one) repeated("row", row.id > 1, id=row.id, next=row.next, name=row.name) %}'
    "<a {{ '{x}' }} href=\"{{ url_for('courses.edit_activity', course_id=7, activity_id=one.id) }}\">{{ drawn() }}"
    "{{ one.name }}{% if one.next is not none %} before {{ one.next }}{% endif %}</a>\n{% endcall %}{% endfor %}"
)


def test_each_row_has_its_own_numbers_and_names_and_its_shape_is_drawn_once(app):
    rows = [
        {"id": 1, "next": 0, "name": "<b>{id}</b>"},
        {"id": 2, "next": None, "name": "Tide & %(sea)s"},
        {"id": 2_000_000_101, "next": None, "name": "2000000101"},
        {"id": 3, "next": None, "name": ""},
    ]
    drawn = []

    with app.test_request_context("/"):
        text = render_template_string(BLOCK, rows=rows, drawn=lambda: drawn.append(1) or "")
        addresses = [url_for("courses.edit_activity", course_id=7, activity_id=row["id"]) for row in rows]

    assert text.splitlines() == [
        f'<a {{x}} href="{addresses[0]}">&lt;b&gt;{{id}}&lt;/b&gt; before 0</a>',
        f'<a {{x}} href="{addresses[1]}">Tide &amp; %(sea)s</a>',
        f'<a {{x}} href="{addresses[2]}">2000000101</a>',
        f'<a {{x}} href="{addresses[3]}"></a>',
    ]
    assert len(drawn) == 2


def test_nothing_of_one_request_is_drawn_in_the_next(app):
    template = '{% call(one) repeated("row", id=5) %}{{ word }} {{ one.id }}{% endcall %}'

    def draw(word):
        with app.test_request_context("/"):
            return render_template_string(template, word=word)

    shown = [contextvars.Context().run(draw, word) for word in ("Edit", "Modifier")]

    assert shown == ["Edit 5", "Modifier 5"]
