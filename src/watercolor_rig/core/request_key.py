"""The identity of a request: what is equal here is answered once and paid once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction


def request_key(
    engine: str,
    identity: Mapping[str, str],
    prompt: str,
    inputs: Sequence[bytes],
    position: Fraction | None,
) -> str:
    """Return the SHA-256, hexadecimal, of everything that decides an answer.

    Args:
        engine: Name of the engine.
        identity: What the engine says decides its answers: version, model, quality, canvas.
        prompt: The whole text.
        inputs: The pictures' bytes in order.
        position: Share of the way from the first to the second picture; None for an edit.
    """
    document = {
        "engine": engine,
        "identity": dict(sorted(identity.items())),
        "prompt": prompt,
        "inputs": [hashlib.sha256(data).hexdigest() for data in inputs],
        "position": None if position is None else str(position),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
