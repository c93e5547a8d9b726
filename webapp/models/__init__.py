"""The tables. Knows no view and no job."""

from webapp.models.archive import MADE_HERE, ArchiveFile, ArchiveOrigin
from webapp.models.audit import AuditEntry
from webapp.models.automated import (
    AutomatedItem,
    AutomatedRun,
    Destination,
    FolderCopy,
    ItemState,
    ReportWhen,
    Schedule,
    the_schedule,
)
from webapp.models.bin import WITH_BIN, BinEntry, BinKind
from webapp.models.content import Activity, Block, CourseFile, Document, Person, Record, Section
from webapp.models.course import (
    LONGEST_FULLNAME,
    LONGEST_SHORTNAME,
    Category,
    CategoryManager,
    Course,
    CourseRole,
    CourseVersion,
    Membership,
)
from webapp.models.job import (
    ACTIVE,
    ASKED_FOR,
    BACKGROUND,
    BUSY,
    IS_ASKED_FOR,
    IS_BACKGROUND,
    IS_BUSY,
    IS_OPEN,
    TO_DISMISS,
    Job,
    JobKind,
    JobState,
)
from webapp.models.message import Message, MessageChoice, MessageTemplate
from webapp.models.setting import Setting, get_setting, get_settings, set_setting
from webapp.models.sign_in import SignIn
from webapp.models.site_logo import SiteLogo
from webapp.models.types import utc_now
from webapp.models.user import FailedSignIn, SiteRole, User

__all__ = [
    "ACTIVE", "ASKED_FOR", "BACKGROUND", "BUSY", "IS_ASKED_FOR", "IS_BACKGROUND", "IS_BUSY", "IS_OPEN",
    "LONGEST_FULLNAME", "LONGEST_SHORTNAME", "MADE_HERE", "TO_DISMISS",
    "WITH_BIN", "Activity", "ArchiveFile", "ArchiveOrigin", "AuditEntry", "AutomatedItem", "AutomatedRun",
    "BinEntry", "BinKind", "Block", "Category", "CategoryManager", "Course", "CourseFile", "CourseRole",
    "CourseVersion", "Destination", "Document", "FailedSignIn", "FolderCopy", "ItemState", "Job", "JobKind", "JobState",
    "Membership", "Message", "MessageChoice", "MessageTemplate", "Person", "Record", "ReportWhen", "Schedule",
    "Section", "Setting", "SignIn", "SiteLogo", "SiteRole", "User", "get_setting", "get_settings",
    "set_setting", "the_schedule",
    "utc_now",
]  # fmt: skip
