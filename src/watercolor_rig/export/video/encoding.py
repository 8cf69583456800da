"""Pictures become a film by FFmpeg's libraries (PyAV), one at a time.

One thread and no marks of time, machine or chance: the same pictures give the same bytes with the same PyAV. Colours
are converted by BT.709 and the file says so; what is not said, players guess by the size.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, cast

import numpy as np

from watercolor_rig.core.errors import UsageError
from watercolor_rig.imaging.picture import Rgba, Size

_BT709 = 1
_LIMITED = 1

_MOST_OF_RATE = 1001
"""Denominators of rates that programs know: 24000/1001 and such."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How films of one kind are encoded.

    Attributes:
        encoder: FFmpeg's name for it.
        container: FFmpeg's name for the kind of file.
        pixels: FFmpeg's name for how the codec stores pixels.
        options: Of the encoder.
    """

    encoder: str
    container: str
    pixels: str
    options: Mapping[str, str]


def check_encoder(name: str, codec: Codec) -> None:
    """See to it that PyAV is there and has the encoder.

    Raises:
        UsageError: if PyAV is not installed, or was built without it.
    """
    try:
        import av  # noqa: PLC0415 - an optional extra, large
    except ImportError as error:
        raise UsageError(
            f"the format {name!r} needs PyAV, which is not installed ({error}); "
            "run: pip install 'watercolor-rig[video]'"
        ) from error
    try:
        av.Codec(codec.encoder, "w")
    except (av.FFmpegError, ValueError) as error:
        raise UsageError(
            f"the format {name!r} needs the encoder {codec.encoder!r}, which this PyAV was built without; "
            "run: pip install --force-reinstall --only-binary av av"
        ) from error


def write_film(pictures: Iterable[Rgba], size: Size, fps: float, codec: Codec, file: BinaryIO) -> None:
    """Write pictures, each for one tick.

    Args:
        pictures: All of `size`, straight alpha; at least one.
        size: (width, height) in pixels, both even.
        fps: Ticks a second.
        codec: How.
        file: Seekable.

    Raises:
        UsageError: if the codec cannot hold such pictures.
        PictureError: if a frame cannot be decoded.
        StoreError: if a file cannot be read.
    """
    import av  # noqa: PLC0415 - `check_encoder` has shown that it is there
    from av.codec.context import Flags  # noqa: PLC0415
    from av.video.reformatter import ColorRange, Colorspace, VideoReformatter  # noqa: PLC0415

    rate = Fraction(fps).limit_denominator(_MOST_OF_RATE)
    sink = _Sink(file)
    try:
        with av.open(sink, "w", format=codec.container, options={"fflags": "+bitexact"}) as container:
            stream = cast(av.VideoStream, container.add_stream(codec.encoder, rate, dict(codec.options)))
            stream.codec_context.flags |= Flags.bitexact
            stream.thread_count = 1
            stream.width, stream.height, stream.pix_fmt = *size, codec.pixels
            stream.colorspace = stream.color_primaries = stream.color_trc = _BT709
            stream.color_range = _LIMITED
            converter = VideoReformatter()
            for at, picture in enumerate(pictures):
                straight = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgba")
                frame = converter.reformat(
                    straight,
                    format=codec.pixels,
                    src_colorspace=Colorspace.ITU709,
                    dst_colorspace=Colorspace.ITU709,
                    dst_color_range=ColorRange.MPEG,
                )
                frame.color_primaries = frame.color_trc = _BT709  # what ProRes says of itself
                frame.pts, frame.time_base = at, 1 / rate
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.FFmpegError as error:
        sink.check()
        across, down = size
        raise UsageError(
            f"{codec.encoder} takes no pictures of {across}x{down} at {fps:g} a second ({error}); give another --scale"
        ) from error
    sink.check()


class _Sink:
    """A file as FFmpeg writes it; FFmpeg forgets what a write has raised, so it is kept here."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._fault: OSError | None = None
        self.tell = file.tell
        self.seek = file.seek

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self._fault = self._fault or error
            raise

    def check(self) -> None:
        """Raise what the first broken write raised."""
        if self._fault is not None:
            raise self._fault
