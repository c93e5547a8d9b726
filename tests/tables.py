"""What sweeps have found, as tables that are printed at the end of a run (docs/reliability.md)."""

#: Title -> the names of its columns, and its rows.
_tables: dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]] = {}


def report(title, **row):
    """Add a row to a table; the first one names the columns."""
    columns, rows = _tables.setdefault(title, (tuple(row), []))
    rows.append(tuple(row[name] for name in columns))


def lines():
    """All tables in Markdown, a line each."""
    for title, (columns, rows) in _tables.items():
        yield from ("", f"**{title}**", "")
        yield f"| {' | '.join(name.replace('_', ' ') for name in columns)} |"
        yield f"|{' --- |' * len(columns)}"
        for row in rows:
            yield f"| {' | '.join(map(str, row))} |"
