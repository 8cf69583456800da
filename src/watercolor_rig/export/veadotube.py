"""The export `veadotube`: a ZIP of pictures to drop into veadotube mini, named by state as its own files are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from watercolor_rig.export.api import Clip, Exporter, ExportJob, Outbox, Setting
from watercolor_rig.export.faces import STATE_SETTINGS, Face, faces_of, names_of, warn_of_missing
from watercolor_rig.export.numbered import write_zip
from watercolor_rig.imaging.picture import encode_png

NAME = "veadotube.zip"


@dataclass(frozen=True, slots=True)
class VeadotubeExport:
    """`veadotube.zip`."""

    summary: str = "pictures for veadotube mini: every expression talking and blinking, in a ZIP"
    settings: Mapping[str, Setting] = field(default_factory=lambda: {**STATE_SETTINGS})

    def export(self, clips: Sequence[Clip], job: ExportJob, outbox: Outbox) -> None:
        """Write `veadotube.zip`; see `Exporter`."""
        faces = faces_of(clips, job.settings, names_of(clips, job.settings))
        members = (member for face in faces for member in _pictures(face, outbox))
        outbox.write(NAME, partial(write_zip, members))


def _pictures(face: Face, outbox: Outbox) -> Iterator[tuple[str, bytes]]:
    """Yield the four pictures that the program asks for; a state that the rig lacks looks like the one without it."""
    warn_of_missing(face, outbox)
    talking = face.silent if face.talking is None else face.talking
    blinking = face.silent if face.blinking is None else face.blinking
    both = next(picture for picture in (face.talking_blinking, face.talking, blinking) if picture is not None)
    pictures = {"closed": face.silent, "open": talking, "blink_closed": blinking, "blink_open": both}
    for state, picture in pictures.items():
        yield f"{face.expression}_{state}.png", encode_png(picture)


veadotube: Exporter = VeadotubeExport()
