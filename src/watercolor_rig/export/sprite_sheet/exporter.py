"""The exports `aseprite-sheet` and `texturepacker-sheet`: `sheet.png` and `sheet.json`, numbered if more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting, write_bytes
from watercolor_rig.export.sprite_sheet.forms import Form, Names, aseprite_form, texturepacker_form
from watercolor_rig.export.sprite_sheet.painting import PNG, WEBP, paint, write_picture
from watercolor_rig.export.sprite_sheet.planning import Layout, Page, plan_pages

PAGE_SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "picture": Setting(PNG, (PNG, WEBP), "what the pages are; both are lossless"),
        "trim": Setting("yes", ("yes", "no"), "cut clear borders off; the JSON says where the rest belongs"),
        "padding": Setting("2", range(65), "clear pixels between frames and around them"),
        "extrude": Setting("1", range(17), "how often the pixels on a frame's edge are repeated around it"),
        "max-size": Setting("4096", range(64, 16384), "longest side of a page; more frames go on to another one"),
    }
)
"""Of every export that lays frames on pages."""

_FRAMES = Setting("hash", ("hash", "array"), "whether `frames` is an object by name or a list")


def layout_of(settings: Mapping[str, str]) -> Layout:
    """Return the layout that checked settings ask for."""
    return Layout(
        most=int(settings["max-size"]),
        padding=int(settings["padding"]),
        extrude=int(settings["extrude"]),
        trim=settings["trim"] == "yes",
    )


def page_stem(number: int, count: int) -> str:
    """Return the name of a page without its ending: `sheet`, or `sheet-0` and on where there are several."""
    return "sheet" if count == 1 else f"sheet-{number}"


def write_page(page: Page, name: str, job: ExportJob, outbox: Outbox) -> None:
    """Paint a settled page and write its picture.

    Raises:
        PictureError: if a frame cannot be decoded.
        StoreError: if the disk refuses.
    """
    pixels = paint(page, int(job.settings["extrude"]))
    outbox.write(name, partial(write_picture, pixels=pixels, kind=job.settings["picture"]))


@dataclass(frozen=True, slots=True)
class SheetExport:
    """Sheets with JSON of one form."""

    summary: str
    form: Form
    settings: Mapping[str, Setting] = field(default_factory=lambda: {**PAGE_SETTINGS, "frames": _FRAMES})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write the pages, each picture before the JSON that speaks of it; see `Exporter`."""
        pages = plan_pages(clips, job.fps, layout_of(job.settings))
        _warn_of_split(pages, outbox)
        stems = [page_stem(number, len(pages)) for number in range(len(pages))]
        for stem, page in zip(stems, pages, strict=True):
            image = f"{stem}.{job.settings['picture']}"
            write_page(page, image, job, outbox)
            names = Names(image, tuple(f"{other}.json" for other in stems if other != stem), job.version)
            document = self.form(page, names, job.settings["frames"] == "array")
            data = (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
            write_bytes(outbox, f"{stem}.json", data)


def _warn_of_split(pages: Sequence[Page], outbox: Outbox) -> None:
    seen: set[str] = set()
    for page in pages:
        here = {sprite.clip for sprite in page.sprites}
        for clip in sorted(seen & here):
            outbox.warn(clip, "is too long for one page and goes on on the next; a smaller --scale keeps it together")
        seen |= here


aseprite: Exporter = SheetExport("sprite sheets with JSON as Aseprite exports it", aseprite_form)
texturepacker: Exporter = SheetExport("sprite sheets with JSON as TexturePacker exports it", texturepacker_form)
