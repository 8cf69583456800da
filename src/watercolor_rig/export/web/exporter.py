"""Writes the sheets, then `rig.json`, which speaks of them, then the script and the page that play it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from watercolor_rig.core.errors import UsageError
from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting, write_bytes
from watercolor_rig.export.faces import CLOSED_EYES, words
from watercolor_rig.export.sprite_sheet.painting import PNG, WEBP
from watercolor_rig.export.web.album import make_album
from watercolor_rig.export.web.character import ANY, closed_among, first_state, playable, warn_of_gaps
from watercolor_rig.export.web.document import Names, rig_document, rig_json
from watercolor_rig.export.web.page import PAGE, SCRIPT, page, script
from watercolor_rig.export.web.sheets import lay_sheets, paint, write_picture

RIG = "rig.json"


@dataclass(frozen=True, slots=True)
class WebExport:
    """A folder for a web server, or for a double click."""

    summary: str = "a character for web pages that goes from any expression to any other, with a page that shows it"
    settings: Mapping[str, Setting] = field(
        default_factory=lambda: {
            "picture": Setting(WEBP, (WEBP, PNG), "what the sheets are; both are lossless"),
            "max-size": Setting("4096", range(64, 16384), "longest side of a sheet; more goes on to another one"),
            "padding": Setting("1", range(65), "clear pixels between patches and around them"),
            "start": Setting(ANY, None, "expression that it rests in first; `auto`: where most sequences meet"),
            "closed-eyes": CLOSED_EYES,
            "page": Setting("yes", ("yes", "no"), f"whether to write `{PAGE}`, which shows the character"),
            "title": Setting("Character", None, "what the page is called"),
        }
    )

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write the folder; see `Exporter`."""
        most, padding = int(job.settings["max-size"]), int(job.settings["padding"])
        if most <= 2 * padding:
            raise UsageError(f"--option padding: {padding} on both sides leaves nothing of {most} pixels; give less")
        played = playable(clips, outbox)
        start = first_state(played, job.settings["start"])
        warn_of_gaps(played, start, outbox)
        album = make_album(played, most - 2 * padding)
        sheets = lay_sheets(album.cells, most, padding)
        files = [f"sheet-{number}.{job.settings['picture']}" for number in range(len(sheets))]
        for file, sheet in zip(files, sheets, strict=True):
            pixels = paint(sheet, album.cells)
            outbox.write(file, partial(write_picture, pixels=pixels, kind=job.settings["picture"]))
        blinks = closed_among(played, words(job.settings["closed-eyes"]))
        text = rig_json(rig_document(played, album, sheets, Names(job.version, job.fps, start, blinks, files)))
        write_bytes(outbox, RIG, text.encode())
        write_bytes(outbox, SCRIPT, script())
        if job.settings["page"] == "yes":
            write_bytes(outbox, PAGE, page(job.settings["title"], text))


web: Exporter = WebExport()
