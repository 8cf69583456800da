"""What a sequence folder says of itself, where no configuration is at hand."""

from pathlib import Path

from watercolor_rig.core.manifest import Manifest, decode_manifest
from watercolor_rig.store.durable import read_file
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex
from watercolor_rig.store.sequence_folder import END_FILE, MANIFEST, START_FILE, Ends


def read_manifest(folder: Path) -> Manifest | None:
    """Return a folder's manifest, or None where it has none.

    Raises:
        StoreError: if it cannot be read.
    """
    path = folder / MANIFEST
    return decode_manifest(read_file(path)) if path.is_file() else None


def own_ends(folder: Path, index: PictureIndex) -> Ends | str:
    """Return the copies of the endpoints in a folder as its ends, or what is wrong with them, in words."""
    files = index.inspect(folder, [START_FILE, END_FILE])
    found: list[PictureFacts] = []
    for name in (START_FILE, END_FILE):
        facts = files.get(name)
        if not isinstance(facts, PictureFacts):
            return f"{folder / name} is missing" if facts is None else str(facts)
        found.append(facts)
    start, end = found
    if start.size != end.size:
        return f"{folder}: {START_FILE} is {_words(start)}, {END_FILE} {_words(end)}"
    return Ends(start, end, folder / START_FILE, folder / END_FILE)


def _words(facts: PictureFacts) -> str:
    return f"{facts.size[0]}x{facts.size[1]}"
