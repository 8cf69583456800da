"""Makes the ledger anew from what lies beside it: the cards of the takes, and frames whose content is kept.

Nothing is deleted: the damaged file gets another name. What only it knew, the calls and their prices, is not in the
new one; every take and every answered request is, so nothing is paid again that has arrived. An interruption half way
leaves cards without a row, which the next check-up adopts.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from watercolor_rig.app.doctor.report import counted
from watercolor_rig.app.memory import Memory
from watercolor_rig.app.own_folder import read_manifest
from watercolor_rig.core.json import JsonObject
from watercolor_rig.core.manifest import encode_frame
from watercolor_rig.store.durable import move_file
from watercolor_rig.store.ledger import Take, utc_now
from watercolor_rig.store.picture_index import PictureFacts, PictureIndex
from watercolor_rig.store.sequence_folder import END_FILE, START_FILE

_COPIES = (START_FILE, END_FILE)
"""Of drawings: the drawings themselves are what a take would be of."""

_SIDE_FILES = ("-wal", "-shm")
"""What SQLite keeps beside its file; with the wrong one it would read rubbish, so they move along."""


def rebuild_ledger(memory: Memory, frame_folders: Iterable[Path]) -> str:
    """Put the damaged ledger aside and make a new one; return what was done, and what is lost, in words.

    Raises:
        StoreError: if the disk refuses.
    """
    kept_as = _set_aside(memory)
    cards, _ = memory.cards.read()
    takes = [take for take in cards if memory.blobs.has(take.picture)]
    known = {(take.file, take.picture) for take in takes}
    for take in _takes_in_place(memory, frame_folders):
        if (take.file, take.picture) not in known:
            memory.cards.write(take)
            takes.append(take)
    adopt_cards(memory, takes)
    old = f"; the old one is kept as {kept_as!r}" if kept_as else ""
    return (
        f"made anew with {counted(len(takes), 'take')}, numbered anew; lost is what calls cost, and which failed{old}"
    )


def cards_without_row(cards: Sequence[Take], takes: Sequence[Take]) -> list[Take]:
    """Return the takes that have a card but do not stand in the ledger."""
    known = {(take.file, take.picture, take.request, take.made) for take in takes}
    return [card for card in cards if (card.file, card.picture, card.request, card.made) not in known]


def adopt_cards(memory: Memory, cards: Sequence[Take]) -> str:
    """Write the takes of cards into the ledger; return what was done, in words.

    Raises:
        StoreError: if the disk refuses.
    """
    with memory.open_ledger() as ledger:
        for take in cards:
            ledger.add_take(take)
    return f"{counted(len(cards), 'take')} entered"


def _set_aside(memory: Memory) -> str:
    """Give the ledger and its side files other names; return the ledger's new one, or "" where there was none."""
    stamp = utc_now()[:19].replace(":", "").replace("-", "")
    target = memory.ledger_file.with_name(f"{memory.ledger_file.name}.damaged-{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{memory.ledger_file.name}.damaged-{stamp}-{number}")
    for suffix in _SIDE_FILES:  # first: alone they are nothing, beside a new ledger they would be poison
        beside = memory.ledger_file.with_name(memory.ledger_file.name + suffix)
        if beside.exists():
            move_file(beside, target.with_name(target.name + suffix))
    if not memory.ledger_file.exists():
        return ""
    move_file(memory.ledger_file, target)
    return target.name


def _takes_in_place(memory: Memory, folders: Iterable[Path]) -> Iterator[Take]:
    """Yield a take for each frame in place whose content is kept: its card may be lost."""
    index = PictureIndex(memory.project)
    for folder in folders:
        if not folder.is_dir() or not folder.resolve().is_relative_to(memory.project):
            continue
        manifest = read_manifest(folder)
        entries: dict[str, JsonObject] = (
            {frame.file: encode_frame(frame) for frame in manifest.frames} if manifest else {}
        )
        names = [name for name in entries or [path.name for path in folder.glob("*.png")] if name not in _COPIES]
        for name, facts in index.inspect(folder, names).items():
            if isinstance(facts, PictureFacts) and memory.blobs.has(facts.sha256):
                origin = json.dumps(entries.get(name, {}))
                file = memory.relative(folder / name)
                yield Take(0, file, None, facts.sha256, None, utc_now(), facts.size, origin)
