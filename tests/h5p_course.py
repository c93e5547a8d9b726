"""The small course with an activity of mod_hvp, which keeps the libraries of all of them beside their folders."""

from tests.archives import small_course
from tests.course_documents import StoredFile, activity_documents, document, leaves, node
from tests.quiz_course import with_activity

HVP, LIBRARIES = 44, "activities/hvp_libraries.xml"
SYSTEM_CONTEXT = 1
#: Of the library, in the context of the site; and of the activity.
SCRIPT = StoredFile(701, "column.js", b"column", SYSTEM_CONTEXT, "mod_hvp", "libraries", 11)
MAP = StoredFile(702, "map.png", b"map", 74, "mod_hvp", "content", 54)


def h5p_course(name: str = "H5P.Column", patch: int = 1) -> dict[str, bytes]:
    """As mod_hvp writes it: its library 12 needs the library 11, of which `patch` is the third number."""
    needs = node(
        "dependencies", [node("dependency", leaves(dependency_type="preloaded"), required_library_id=11)]
    )
    libraries = [
        node(
            "library",
            [
                *leaves(title=name, machine_name=name, semantics="[]", patch_version=patch),
                node("translations", []),
            ],
            id=11,
        ),
        node("library", [*leaves(title="Text", machine_name="H5P.Text", semantics="[]"), needs], id=12),
    ]
    own = leaves(
        name="Tide game", machine_name=name, intro="", introformat=1, json_content="{}", slug="tide-game"
    )
    entry = node("entry", leaves(data_id="state", data="{}"), user_id=101, sub_content_id=0)
    content = node("hvp", [*own, node("content_user_data", [entry])], id=54)
    members = small_course(files=(SCRIPT, MAP))
    members |= activity_documents("hvp", HVP, 54, 74, content, True, refs=[701, 702], named=[101])
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "hvp", HVP, "Tide game")
    return members | {LIBRARIES: document(node("hvp_libraries", libraries))}
