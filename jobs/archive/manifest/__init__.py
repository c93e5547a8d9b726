"""moodle_backup.xml: what an archive says is in it. Read, and written back as it was."""

from jobs.archive.manifest.model import (
    NEWEST_KNOWN_VERSION,
    ActivityEntry,
    CourseEntry,
    Manifest,
    SectionEntry,
    Setting,
)
from jobs.archive.manifest.reading import DamagedManifest, read_manifest
from jobs.archive.manifest.writing import write_manifest

__all__ = [
    "NEWEST_KNOWN_VERSION",
    "ActivityEntry",
    "CourseEntry",
    "DamagedManifest",
    "Manifest",
    "SectionEntry",
    "Setting",
    "read_manifest",
    "write_manifest",
]
