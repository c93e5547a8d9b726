"""Every page names who may see it."""

from webapp.permissions import ALL_ACTIONS

#: What anybody may ask for, signed in or not. Each more is a decision.
PUBLIC = {
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.accept_invitation",
    "accounts.forgotten",
    "accounts.forgotten_sent",
    "accounts.reset_password",
    "health.healthz",
    "static",
}


def test_every_view_says_who_may_use_it(app):
    unprotected = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if getattr(view, "action", None) not in {*ALL_ACTIONS, "signed in"}
    }

    assert unprotected <= PUBLIC


def test_every_public_view_says_that_it_is(app):
    marked = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "is_public", False)}

    assert marked == PUBLIC - {"static"}


def test_nothing_that_changes_something_can_be_asked_for_by_a_link(app):
    verbs = {"POST", "PUT", "PATCH", "DELETE"}

    careless = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.methods & verbs
        and rule.endpoint.partition(".")[2].startswith(("delete_", "cancel_", "move_"))
    ]

    assert not careless
