"""What users.xml says of its people."""

from collections.abc import Mapping

from jobs.archive.scanning import RowHandler
from jobs.archive.survey.report import NO_ADDRESSES, Tally
from jobs.archive.trees import tree_for

_NOTHING = ("", "0", *NO_ADDRESSES, "$@NULL@$")
_MOST_NAMES = 100_000


class Profiles:
    """Counts which fields are filled in; with `names` it also keeps what the people are called."""

    def __init__(self, *, names: bool) -> None:
        node = tree_for("", "users.xml").node("users/user")
        leaves = node.leaves.values() if node else ()
        self._telling = frozenset(leaf.name for leaf in leaves if leaf.is_personal) | {"picture"}
        self.fields = Tally()
        self.custom = Tally()
        self.addresses = 0
        self.names: list[str] | None = [] if names else None

    @property
    def handlers(self) -> dict[str, RowHandler]:
        return {"users/user": self._person, "users/user/custom_fields/custom_field": self._field}

    def _person(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        for name in sorted(self._telling & leaves.keys()):
            if leaves[name] not in _NOTHING:
                self.fields.add(name)
        self.addresses += leaves.get("lastip") not in (None, *_NOTHING)
        if self.names is not None and len(self.names) < _MOST_NAMES:
            full = f"{leaves.get('firstname', '')} {leaves.get('lastname', '')}".strip()
            self.names.append(full or leaves.get("username", ""))

    def _field(self, _attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
        if leaves.get("field_data") not in (None, *_NOTHING):
            self.custom.add(leaves.get("field_name", ""))
