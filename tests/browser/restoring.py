"""The way of a file into a course, as somebody goes it in the browser."""

import re


def bring(tab, archive):
    """Upload a backup file and wait until it can be looked through."""
    tab.goto("/backups")
    tab.get_by_label("Drop a backup file here").set_input_files(archive)
    tab.get_by_role("button", name="Look inside").click()
    tab.get_by_role("link", name=re.compile("Look through what is in it")).click(timeout=60_000)


def go_on(tab):
    """To the next step."""
    tab.get_by_role("button", name=re.compile("^Next: ")).click()


def restore_as_new(tab, archive, shortname, *, people=False):
    """Restore a file as a course of this short name and open it; returns its address."""
    bring(tab, archive)
    go_on(tab)
    tab.get_by_label("Short name").fill(shortname)
    go_on(tab)
    if people:
        tab.get_by_label("Bring people back").check()
    go_on(tab)
    tab.get_by_role("button", name="Restore", exact=True).click()
    tab.get_by_role("link", name=re.compile("Open the course|To the course")).first.click(timeout=60_000)
    tab.wait_for_url("**/courses/*")
    return tab.url
