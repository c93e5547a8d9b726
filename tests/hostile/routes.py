"""Who gets in where: a line for each address of the site and each way to ask for it.

Whoever adds an address adds its line, and thinks about it: nothing here is read from the code under test.
"""

import re

from tests.hostile.school import ASKERS

SIGNED_IN = frozenset(ASKERS) - {"nobody", "suspended", "removed"}
IN_COURSE = frozenset(["pupil", "teacher", "editing teacher", "manager", "admin"])
STRANGERS = SIGNED_IN - IN_COURSE


class Rule:
    """Who gets in; those who are signed in and do not are told that nothing is there, or that it is not theirs."""

    def __init__(self, words: str, *let_in: str, refusal: int | None = None) -> None:
        self.words, self.let_in, self._refusal = words, frozenset(let_in), refusal

    def told(self, asker: str) -> int | None:
        """The status that tells somebody off: 303 leads to the sign-in page. None for who gets in."""
        if asker in self.let_in:
            return None
        if asker not in SIGNED_IN:
            return 303
        return self._refusal or (404 if asker in STRANGERS else 403)


ANYBODY = Rule("everybody, signed in or not", *ASKERS)
EVERYBODY = Rule("everybody who is signed in", *SIGNED_IN)
READ = Rule("everybody in the course", *IN_COURSE)
SEE_PEOPLE = Rule("the course’s teachers", *IN_COURSE - {"pupil"})
EDIT = Rule("those who edit the course", "editing teacher", "manager", "admin")
DELETE = Rule("the course’s managers", "manager", "admin")
MAKE = Rule(
    "those who may make courses",
    "stranger",
    "former teacher",
    "editing teacher",
    "manager",
    "admin",
    refusal=403,
)
ADMINISTER = Rule("admins", "admin", refusal=403)
SEE_JOB = Rule("who asked for the job, those who may back up its course, admins",
               "editing teacher", "manager", "admin", refusal=404)  # fmt: skip
STEER_JOB = Rule("who asked for the job, admins", "editing teacher", "admin", refusal=404)
ARCHIVE = Rule("who brought the file, those who may back up its course, admins",
               "editing teacher", "manager", "admin", refusal=404)  # fmt: skip
BINNED_COURSE = Rule("those who may delete the course", "manager", "admin", refusal=404)
OWN = Rule("the one whose it is, and no admin", "editing teacher", refusal=404)

GET, POST = "GET", "POST"
BOTH = (GET, POST)

#: By who gets in: the addresses with the ways to ask for them.
RULES = {
    ANYBODY: {
        "accounts.accept_invitation": BOTH,
        "accounts.forgotten": BOTH,
        "accounts.forgotten_sent": GET,
        "accounts.reset_password": BOTH,
        "accounts.sign_in": BOTH,
        "accounts.sign_out": POST,
        "health.healthz": GET,
        "settings.send_colour": GET,
        "settings.send_logo": GET,
        "static": GET,
    },
    EVERYBODY: {
        "accounts.keep_message_choices": POST,
        "accounts.live_own_work": GET,
        "accounts.message_choices": GET,
        "accounts.show_own_page": GET,
        "backups.live_mine": GET,
        "progress.dismiss_listed": POST,
        "progress.live_jobs": GET,
        "accounts.account": BOTH,
        "accounts.change_password": POST,
        "accounts.end_device": POST,
        "accounts.end_others": POST,
        "accounts.go_back": POST,
        "accounts.look": BOTH,
        "backups.my_backups": GET,
        "bin.courses_bin": GET,
        "bin.empty_courses_bin": BOTH,
        "courses.index": GET,
        "messages.inbox": GET,
        "messages.read_all": POST,
        "progress.list_jobs": GET,
    },
    OWN: {"messages.open_message": GET, "messages.read_message": POST},
    READ: {
        "courses.embedded_file": GET,
        "courses.file": GET,
        "courses.show_activity": GET,
        "courses.show_course": GET,
    },
    SEE_PEOPLE: {
        "courses.export_grades": GET,
        "courses.gradebook": GET,
        "courses.gradebook_setup": GET,
        "courses.grades_of_person": GET,
        "courses.list_files": GET,
        "courses.question_bank": GET,
        "courses.show_besides": GET,
        "participants.export": GET,
        "participants.list_came": GET,
        "participants.list_groups": GET,
        "participants.list_members": GET,
        "participants.show_group": GET,
    },
    EDIT: {
        "backups.begin_backup": POST,
        "backups.choose_file": GET,
        "backups.live_backups": GET,
        "copies.choose_target": GET,
        "copies.move_to": BOTH,
        "progress.course_work": GET,
        "backups.left_out": POST,
        "backups.list_backups": GET,
        "backups.new_backup": GET,
        "backups.new_part_backup": BOTH,
        "backups.undo": BOTH,
        "bin.course_bin": GET,
        "bin.delete_part": BOTH,
        "bin.empty_course_bin": BOTH,
        "bin.put_part_back": POST,
        "copies.choose_source": GET,
        "copies.copy_course": BOTH,
        "copies.duplicate": POST,
        "copies.import_from": BOTH,
        "courses.add_editor_picture": POST,
        "courses.choose_kind": GET,
        "courses.delete_activity": BOTH,
        "courses.delete_file": BOTH,
        "courses.delete_section": BOTH,
        "courses.edit_activity": BOTH,
        "courses.edit_course": GET,
        "courses.edit_folder": BOTH,
        "courses.edit_question": BOTH,
        "courses.edit_section": BOTH,
        "courses.edit_text": BOTH,
        "courses.move_activity": BOTH,
        "courses.move_section": POST,
        "courses.new_activity": BOTH,
        "courses.new_section": BOTH,
        "courses.new_subfolder": POST,
        "courses.settings": BOTH,
        "courses.show_or_hide_activity": POST,
        "courses.show_or_hide_section": POST,
        "participants.add_member": POST,
        "participants.bring_list": BOTH,
        "participants.carry_out_list": POST,
        "participants.change_member": POST,
        "participants.confirm_remove_member": BOTH,
        "participants.delete_group": BOTH,
        "participants.empty_group": POST,
        "participants.fill_group": POST,
        "participants.make_group": POST,
        "participants.rename_group": POST,
        "progress.course_warning": GET,
    },
    DELETE: {"courses.confirm_delete_course": BOTH},
    BINNED_COURSE: {"bin.delete_course": BOTH, "bin.put_course": POST},
    MAKE: {
        "backups.upload": POST,
        "backups.upload_raw": POST,
        "copies.copy_several": BOTH,
        "courses.new_course": BOTH,
    },
    SEE_JOB: {"progress.job_progress": GET, "progress.show_job": GET},
    STEER_JOB: {
        "backups.answer_restore": POST,
        "backups.left_out_of_restore": POST,
        "backups.review_restore": GET,
        "progress.begin_job_again": POST,
        "progress.cancel_job": BOTH,
        "progress.dismiss_job": POST,
        "progress.run_job": POST,
    },
    ARCHIVE: {
        "archives.archive_file": GET,
        "archives.archive_json": GET,
        "archives.embedded_file": GET,
        "archives.list_files": GET,
        "archives.show_activity": GET,
        "archives.show_archive": GET,
        "backups.delete_backup": BOTH,
        "backups.name_backup": BOTH,
        "backups.download": GET,
        "backups.restore_archive": BOTH,
    },
    ADMINISTER: {
        "health.clear_leftovers": POST,
        "health.show_health": GET,
        "progress.pause_jobs": POST,
        "progress.put_job_first": POST,
        "progress.resume_jobs": POST,
        "progress.show_history": GET,
        "automated.begin_run": POST,
        "automated.show_damaged": GET,
        "automated.show_keeping": GET,
        "automated.show_run": GET,
        "automated.show_schedule": BOTH,
        "automated.stop_run": POST,
        "guide.close": POST,
        "guide.first_steps": GET,
        "guide.styleguide": GET,
        "management.categories": BOTH,
        "management.confirm_delete": BOTH,
        "management.do_to_courses": POST,
        "management.edit_category": BOTH,
        "management.end_manager": POST,
        "management.list_courses": GET,
        "management.make_manager": POST,
        "management.remove_category": POST,
        "management.reorder_category": POST,
        "messages.edit_template": BOTH,
        "messages.list_mails": GET,
        "messages.list_templates": GET,
        "messages.mail_state": GET,
        "messages.preview_template": POST,
        "messages.read_mail": GET,
        "messages.reset_template": POST,
        "messages.restore_version": POST,
        "messages.show_first_version": GET,
        "messages.show_mail": GET,
        "messages.show_version": GET,
        "messages.test_mail": POST,
        "messages.test_template": POST,
        "people.audit_log": GET,
        "people.carry_out_import": POST,
        "people.course_rights": BOTH,
        "people.edit_person": BOTH,
        "people.export_log": GET,
        "people.export_people": GET,
        "people.import_people": BOTH,
        "people.list_people": GET,
        "people.look_as": POST,
        "people.make_link": POST,
        "people.new_person": BOTH,
        "people.put_rights_back": POST,
        "people.remove": BOTH,
        "people.show_link": GET,
        "settings.bring_logo": POST,
        "settings.put_back": POST,
        "settings.show_settings": BOTH,
    },
}
#: What a form has to hold, or it is about nothing.
FORMS = {"settings.put_back": {"name": "site_name"}}
EXPECTED = {
    (endpoint, way): rule
    for rule, addresses in RULES.items()
    for endpoint, ways in addresses.items()
    for way in ([ways] if isinstance(ways, str) else ways)
}


def all_ways(app):
    """Every rule of the application with each way to ask for it."""
    return [(rule, way) for rule in app.url_map.iter_rules() for way in sorted(rule.methods & {GET, POST})]


def ways_in(app):
    """Those that have a line here."""
    return [(rule, way) for rule, way in all_ways(app) if (rule.endpoint, way) in EXPECTED]


def ask(browser, rule, way, things, **instead):
    """Ask for what the rule makes of these things, and return the answer."""
    form = FORMS.get(rule.endpoint) if way == POST else None
    return browser.open(address(rule, things, **instead), method=way, data=form)


def address(rule, things, **instead):
    """The address that the rule makes of these things."""
    named = things | things.get(rule.endpoint, {}) | things.get(rule.rule, {}) | instead
    return re.sub(r"<(?:[^:>]*(?:\([^)]*\))?:)?(\w+)>", lambda found: str(named[found[1]]), rule.rule)
