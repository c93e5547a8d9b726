"""Addresses of the application, ready sooner."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule that learns to write its address when one is first asked for.

    Werkzeug compiles two functions for each rule as it joins a map, and most processes write only a few of the
    addresses. Making the application takes 15 ms with this and 70 without (Werkzeug 3.1, 184 rules), which every
    command and job process pays, and each of some two thousand tests. `Rule.compile` and `Rule.bind` are public, but
    compile both functions in any case, and what they leave behind is as private as what is overridden here. Should
    Werkzeug come to call it otherwise, nothing breaks: this is no longer asked, and all is compiled at once again.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder
        made: Callable[..., tuple[str, str]] | None = None

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            nonlocal made
            made = made or compiled(append_unknown)
            return made(rule, **values)

        return build
