"""The tables. Knows no view and no job."""

from webapp.models.archive import ArchiveFile, ArchiveOrigin
from webapp.models.audit import AuditEntry
from webapp.models.content import Activity, Block, CourseFile, Document, Person, Record, Section
from webapp.models.course import Category, Course, CourseRole, CourseVersion, Membership
from webapp.models.job import ACTIVE, BUSY, Job, JobKind, JobState
from webapp.models.message import Message, MessageTemplate
from webapp.models.setting import Setting, get_setting, set_setting
from webapp.models.sign_in import SignIn
from webapp.models.types import utc_now
from webapp.models.user import FailedSignIn, SiteRole, User

__all__ = [
    "ACTIVE", "BUSY", "Activity", "ArchiveFile", "ArchiveOrigin", "AuditEntry", "Block", "Category", "Course",
    "CourseFile", "CourseRole", "CourseVersion", "Document", "FailedSignIn", "Job", "JobKind", "JobState", "Membership",
    "Message", "MessageTemplate", "Person", "Record", "Section", "Setting", "SignIn", "SiteRole", "User",
    "get_setting", "set_setting", "utc_now",
]  # fmt: skip
