"""The embedded engine behind the seam: a small memory of analysed pairs, and errors in the project's own terms."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable

import cv2

from watercolor_rig.core.errors import EngineError
from watercolor_rig.engines.api import MadePicture, TweenRequest
from watercolor_rig.engines.local.analysis import PairAnalysis, analyse
from watercolor_rig.engines.local.naming import Labels
from watercolor_rig.engines.local.options import LocalOptions
from watercolor_rig.imaging.composing import decode_pair, encode_like_start

_PAIRS_KEPT = 2
"""Frames of one pair come one after another; an analysed pair takes up to 40 bytes a pixel."""

_LIBRARY_ERRORS = (cv2.error, ArithmeticError, MemoryError, ValueError)


class LocalTweens:
    """In-betweens by the best method for each part; frames of one pair share its analysis.

    The same two files and position give the same bytes. OpenCV is held to one thread for the whole process: frames
    run beside each other in processes.

    Args:
        options: What the user asks.
    """

    def __init__(self, options: LocalOptions) -> None:
        self._options = options
        cv2.setNumThreads(1)
        self._lock = threading.Lock()
        self._analysed: OrderedDict[Hashable, PairAnalysis] = OrderedDict()

    def tween(self, request: TweenRequest) -> MadePicture:
        """Return the picture at `request.t`.

        Raises:
            PictureError: if an end cannot be decoded or the sizes differ.
            EngineError: if an image operation fails.
        """
        try:
            analysis = self._analysis(request)
            pixels = analysis.at(float(request.position))
            png = encode_like_start(pixels, analysis.pair, request.start)
        except _LIBRARY_ERRORS as error:
            raise EngineError(
                f"{request.name}: the local engine failed on this pair ({error}); use --engine crossfade for it"
            ) from error
        return MadePicture(png=png, method=analysis.method, notes=analysis.notes, facts=analysis.facts)

    def close(self) -> None:
        """Forget the analysed pairs."""
        with self._lock:
            self._analysed.clear()

    def _analysis(self, request: TweenRequest) -> PairAnalysis:
        labels = Labels(request.regions, request.changing)
        key = *(hashlib.sha256(data).digest() for data in (request.start, request.end)), labels.key, request.turns
        with self._lock:
            if key in self._analysed:
                self._analysed.move_to_end(key)
                return self._analysed[key]
            while len(self._analysed) >= _PAIRS_KEPT:
                self._analysed.popitem(last=False)
            self._analysed[key] = analysis = self._analyse(request, labels)
            return analysis

    def _analyse(self, request: TweenRequest, labels: Labels) -> PairAnalysis:
        return analyse(
            decode_pair(request.start, request.end, request.name), self._options, labels, turns=request.turns
        )
