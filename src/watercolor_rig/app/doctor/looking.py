"""Looking at picture files: by what is known of them, or, with `--read-data`, at every byte again."""

from collections.abc import Iterable
from pathlib import Path

from watercolor_rig.core.errors import PictureError
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex


class Look:
    """Facts of the pictures of one project.

    Args:
        project: Its folder.
        read_data: Whether nothing is believed that was known before.
    """

    def __init__(self, project: Path, *, read_data: bool) -> None:
        self._known = PictureIndex(project)
        self.index = PictureIndex(project, fresh=True) if read_data else self._known
        self._read_data = read_data

    def inspect(self, folder: Path, names: Iterable[str]) -> dict[str, PictureFacts | PictureError]:
        """Return the facts of each named file that is there, or what is wrong with it.

        Raises:
            StoreError: if a file cannot be read.
        """
        found = self.index.inspect(folder, names)
        if self._read_data:
            for name, facts in found.items():
                before = self._known.remembered(folder, name)
                if before is not None and isinstance(facts, PictureFacts) and facts != before:
                    found[name] = PictureError(
                        f"{folder / name}: other bytes than before under the same date: the disk may be failing; "
                        "bring the file back from a copy",
                    )
        return found
