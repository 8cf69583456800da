"""The list of sequences as JSON: each row is spelt once, however often the list is asked for.

Ten thousand rows are four megabytes, and while folders are looked at the list differs at every question.
"""

from threading import Lock

from watercolor_rig.app.studio.views import RowView
from watercolor_rig.server.files import name_json
from watercolor_rig.server.schemas import SequenceRow


class SpeltRows:
    """Remembers how rows are spelt; a row is a value, and the same object as before unless it differs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._spelt: dict[str, tuple[RowView, bytes]] = {}
        self._version: object = None
        self._list = b"[]", name_json(b"[]")

    def spelt(self, version: object, rows: list[RowView]) -> tuple[bytes, str]:
        """Return the list as JSON, and its ETag.

        Args:
            version: What differs as soon as some row does.
            rows: The rows.
        """
        with self._lock:
            if version != self._version:
                spelt = {row.path_id: self._row(row) for row in rows}
                data = b"[" + b",".join(text for _, text in spelt.values()) + b"]"
                self._spelt, self._list, self._version = spelt, (data, name_json(data)), version
            return self._list

    def _row(self, row: RowView) -> tuple[RowView, bytes]:
        known = self._spelt.get(row.path_id)
        if known is not None and known[0] is row:
            return known
        return row, SequenceRow.model_validate(row).model_dump_json().encode()
