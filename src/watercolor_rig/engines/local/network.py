"""The learned optical flow: a network file that is checked before it is believed, run by onnxruntime.

RIFE (Huang et al., "Real-time intermediate flow estimation for video frame interpolation", ECCV 2022), reduced to its
motion and blend mask; THIRD_PARTY_MODELS.md says where the weights come from. It is loaded once per process, when the
first frame needs it, and never required: without it the embedded engine draws with its other methods and says so.
"""

import ctypes
import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from watercolor_rig.core.errors import EngineError, EngineUnavailableError
from watercolor_rig.imaging.splatting import Motion, Weights

if TYPE_CHECKING:
    import onnxruntime

FILE = "rife-flow-mask.fp16w.onnx"
SHA256 = "21caa7ffb85b1f43d0e39f491b962ed32e2ccfeb84938855ace6285357091161"

SIDE_STEP_PX = 64
"""Width and height of what the network takes are multiples of this."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""What `mallopt` calls the free memory that is kept, and the size from which a block is mapped by itself."""

_MAPPED_FROM = 128 << 10
_MAPPED_USUALLY_FROM = 32 << 20
"""Where glibc itself ends up in a process that frees large blocks; it does not adapt any more once it was told."""

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
"""Names of `--device` and what onnxruntime calls them."""

Seen: TypeAlias = npt.NDArray[np.float32]
"""float32, (height, width, 3): colours from 0 to 1."""


@dataclass(frozen=True, slots=True)
class LearnedMotion:
    """Where each pixel of the picture between comes from.

    Attributes:
        to_first: Displacement to its place in the first picture, in pixels.
        to_second: The same for the second.
        mask: 0 to 1, how much the first counts.
    """

    to_first: Motion
    to_second: Motion
    mask: Weights


class FlowNetwork:
    """The network, ready to run; calls may come from several threads, one runs at a time.

    Args:
        model: Bytes of the ONNX file.
        device: A key of `PROVIDERS`.

    Raises:
        EngineUnavailableError: if onnxruntime is not installed, does not offer the device or refuses the file.
    """

    def __init__(self, model: bytes, device: str = "cpu") -> None:
        self._session = _session(model, device)
        self._lock = threading.Lock()

    def motion(self, first: Seen, second: Seen, share: float) -> LearnedMotion:
        """Return the motion at `share` of the way between two pictures of one size.

        Args:
            first: Colours; any size from 1×1, padded here.
            second: The same shape.
            share: Strictly between 0 and 1.

        Raises:
            EngineError: if onnxruntime fails, for want of memory say.
        """
        height, width = first.shape[:2]
        inputs = {
            "a": _padded(first),
            "b": _padded(second),
            "t": np.full((1, 1, 1, 1), share, np.float32),
        }
        try:
            with self._lock, _freed_at_once():
                flow, mask = (np.asarray(values) for values in self._session.run(["flow", "mask"], inputs))
        except _faults() as error:
            raise EngineError(f"the learned flow failed ({error}); --method flow does without it") from error
        planes = np.ascontiguousarray(flow[0, :, :height, :width].transpose(1, 2, 0), dtype=np.float32)
        return LearnedMotion(planes[..., :2], planes[..., 2:], np.ascontiguousarray(mask[0, 0, :height, :width]))


@cache
def load_network(device: str = "cpu") -> FlowNetwork:
    """Return this process's network.

    Args:
        device: A key of `PROVIDERS`.

    Raises:
        EngineUnavailableError: if the file is missing or damaged, or as `FlowNetwork`.
    """
    return FlowNetwork(read_model(), device)


def read_model() -> bytes:
    """Return the file that comes with the package.

    Raises:
        EngineUnavailableError: if it is missing, or is not the file that was shipped.
    """
    try:
        model = (files("watercolor_rig.data") / "models" / FILE).read_bytes()
    except OSError as error:
        raise EngineUnavailableError(
            f"the learned flow: its file {FILE!r} cannot be read; reinstall watercolor-rig"
        ) from error
    if hashlib.sha256(model).hexdigest() != SHA256:
        raise EngineUnavailableError(f"the learned flow: its file {FILE!r} is damaged; reinstall watercolor-rig")
    return model


def check_device(device: str) -> None:
    """Check that the learned flow can run on a device.

    Args:
        device: A key of `PROVIDERS`.

    Raises:
        EngineUnavailableError: if it cannot.
    """
    _provider(device)


def _session(model: bytes, device: str) -> "onnxruntime.InferenceSession":
    """Return a session that keeps to one thread: frames run beside each other in processes."""
    provider = _provider(device)
    import onnxruntime  # noqa: PLC0415 - heavy, and may be missing

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(model, options, providers=[provider])
    except _faults() as error:
        raise EngineUnavailableError(
            f"the learned flow: onnxruntime refused its file {FILE!r} ({error}); reinstall onnxruntime"
        ) from error


def _provider(device: str) -> str:
    """Return what onnxruntime calls a device."""
    try:
        import onnxruntime  # noqa: PLC0415 - heavy, and may be missing
    except ImportError as error:
        raise EngineUnavailableError(
            f"the learned flow: onnxruntime cannot be loaded ({error}); pip install onnxruntime"
        ) from error
    offered = [name for name, provider in PROVIDERS.items() if provider in onnxruntime.get_available_providers()]
    if device not in offered:
        raise EngineUnavailableError(
            f"the learned flow: onnxruntime has no device {device!r} here; --device takes {', '.join(offered)}"
        )
    return PROVIDERS[device]


def _faults() -> tuple[type[Exception], ...]:
    """Return the errors of onnxruntime, which have no common ancestor of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - heavy

    return state.Fail, state.InvalidProtobuf, state.InvalidGraph, state.InvalidArgument, state.RuntimeException


@contextmanager
def _freed_at_once() -> Iterator[None]:
    """Let freed memory go back to the system, what others have freed and what the network frees, where there is glibc.

    By itself glibc keeps large blocks once some were freed, and the network's would not fit into the gaps that others
    leave, so the peak of a worker would be higher by half of what the network needs.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is None or not hasattr(libc, "mallopt"):
        yield
        return
    libc.malloc_trim(0)
    libc.mallopt(_M_MMAP_THRESHOLD, _MAPPED_FROM)
    try:
        yield
    finally:
        libc.mallopt(_M_MMAP_THRESHOLD, _MAPPED_USUALLY_FROM)
        libc.mallopt(_M_TRIM_THRESHOLD, 2 * _MAPPED_USUALLY_FROM)


def _padded(picture: Seen) -> npt.NDArray[np.float32]:
    height, width = picture.shape[:2]
    lacking = -height % SIDE_STEP_PX, -width % SIDE_STEP_PX
    whole = np.pad(picture, ((0, lacking[0]), (0, lacking[1]), (0, 0)), mode="edge")
    return np.ascontiguousarray(whole.transpose(2, 0, 1)[None], dtype=np.float32)
