"""What came with the Moodles from 2.0 to 5.3; all else is from a plugin."""

from collections.abc import Iterable, Mapping

CORE_TYPES = frozenset(
    ("assign", "assignment", "bigbluebuttonbn", "book", "chat", "choice", "data", "feedback", "folder",
     "forum", "glossary", "h5pactivity", "imscp", "label", "lesson", "lti", "page", "qbank", "quiz", "resource",
     "scorm", "subsection", "survey", "url", "wiki", "workshop")
)  # fmt: skip
CORE_BLOCKS = frozenset(
    ("accessreview", "activity_modules", "activity_results", "admin_bookmarks", "badges", "blog_menu", "blog_recent",
     "blog_tags", "calendar_month", "calendar_upcoming", "comments", "community", "completionstatus", "course_list",
     "course_overview", "course_summary", "feedback", "globalsearch", "glossary_random", "html", "login", "lp",
     "mentees", "messages", "mnet_hosts", "myoverview", "myprofile", "navigation", "news_items", "online_users",
     "participants", "private_files", "quiz_results", "recent_activity", "recentlyaccessedcourses",
     "recentlyaccesseditems", "rss_client", "search_forums", "section_links", "selfcompletion", "settings",
     "site_main_menu", "social_activities", "starredcourses", "tag_flickr", "tag_youtube", "tags", "timeline")
)  # fmt: skip
CORE_QUESTION_TYPES = frozenset(
    ("calculated", "calculatedmulti", "calculatedsimple", "ddimageortext", "ddmarker", "ddwtos", "description",
     "essay", "gapselect", "match", "missingtype", "multianswer", "multichoice", "numerical", "ordering", "random",
     "randomsamatch", "shortanswer", "truefalse")
)  # fmt: skip
CORE_ENROLMENTS = frozenset(
    ("authorize", "category", "cohort", "database", "fee", "flatfile", "guest", "imsenterprise", "ldap", "lti",
     "manual", "meta", "mnet", "paypal", "self")
)  # fmt: skip
#: What else may add to a document, and is no plugin: course formats, stores of logs, themes.
CORE_OTHERS = frozenset(
    ("format_singleactivity", "format_social", "format_topics", "format_weeks", "logstore_database",
     "logstore_legacy", "logstore_standard", "theme_boost", "theme_classic")
)  # fmt: skip


def beyond(core: Iterable[str], counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of what is not Moodle's own, by name."""
    return {name: counts[name] for name in sorted(counts.keys() - set(core))}
