"""Lines of the log."""

import logging

import pytest

from webapp import logs


def line(text, *args, **more):
    record = logging.LogRecord("webapp.test", logging.INFO, __file__, 1, text, args, None)
    vars(record).update(more)
    return logs.LineFormatter("web").format(record)


def test_a_line_says_when_where_and_what():
    written = line("the sweep took %s s", 3, created=1_795_515_300)

    assert (
        written
        == 'at=2026-11-24T10:15:00Z level=info process=web where=webapp.test says="the sweep took 3 s"'
    )


@pytest.mark.parametrize(
    "hostile", ["a\nlevel=error", "\x1b[31mred", "\r", "left\u202eright", "\u2028", 'say "yes"']
)
def test_nothing_breaks_out_of_its_line(hostile):
    written = line("course %s", hostile)

    says = written.partition("says=")[2]
    assert says.startswith('"')
    assert says.endswith('"')
    assert written.isprintable()
    assert '"' not in says[1:-1].replace('\\"', "")


def test_lines_about_a_job_carry_its_number():
    with logs.about_job(7):
        inside = line("begins")

    assert " job=7 " in inside
    assert "job=" not in line("ends")


def failure(error, cause=None):
    try:
        try:
            raise cause or error
        except type(cause or error) as first:
            if cause is None:
                raise
            raise error from first
    except type(error) as raised:
        return (type(raised), raised, raised.__traceback__)


def test_a_traceback_stays_on_the_line():
    written = line("failed", exc_info=failure(OSError(28, "No space\nleft")))

    assert "OSError: [Errno 28] No space\\nleft" in written
    assert "test_logs.py" in written
    assert "\n" not in written


def test_what_a_failure_says_is_told_only_where_it_is_nobody_s_words():
    written = line("failed", exc_info=failure(KeyError("aholt"), ValueError("Amira Holt")))

    assert "KeyError: (what it says is left out)" in written
    assert "ValueError: (what it says is left out)" in written
    assert "olt" not in written.replace("default", "")
