"""The engine's face to the program: checks and estimates without the SDK, which loads only when an engine is opened."""

import hashlib
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from watercolor_rig.core.errors import EngineUnavailableError, UsageError
from watercolor_rig.engines.api import (
    EngineSettings,
    ExpressionEngine,
    LimitScope,
    Quote,
    Traits,
    TweenEngine,
)
from watercolor_rig.engines.openai_images import models, prices

if TYPE_CHECKING:
    from watercolor_rig.engines.openai_images.engine import ImagesEngine

VERSION = "1"
"""Changes when the same request would give another picture: another way to send, cut or bring back."""

DEADLINE_S = 300.0
"""Total seconds of one call, unless it names its own."""

LONGEST_S = 900.0
"""What no deadline of a call goes beyond, unless the option `deadline_s` says otherwise."""

OWN_HOST = "api.openai.com"

_PROBE_S = 10.0
"""Patience with a question that only looks whether the service is there."""

_PLACEHOLDER_KEY = "no-key-needed"
"""What a compatible server gets where no key is set: the SDK refuses an empty one."""

_FINGERPRINT = 16
"""Hexadecimal digits of the key's SHA-256 by which it is known: enough to tell keys apart, and no way back."""


@dataclass(frozen=True, slots=True)
class OpenAIImagesPlugin:
    """OpenAI's Images API as an engine.

    Attributes:
        today: The day by which models count as retired; None for the present one.
        environ: Where `OPENAI_API_KEY` and `OPENAI_BASE_URL` are read; None for the process environment.
    """

    today: date | None = None
    environ: Mapping[str, str] | None = None

    @property
    def summary(self) -> str:
        """One line for the list of engines."""
        return f"OpenAI's Images API or a compatible server; {models.load_table().default_model} by default"

    @property
    def traits(self) -> Traits:
        """Both kinds of picture, each frame from its neighbours, waiting in threads, for money."""
        return Traits(
            tweens=True, expressions=True, direct=False, runs_in="threads", paid=True, redraws=True, sheets=True
        )

    def check(self, settings: EngineSettings) -> str:
        """Check key, model, size, quality and options before anything is spent.

        Raises:
            EngineUnavailableError: without a key and a server.
            ModelRetiredError: for a model that has been shut down.
            UsageError: for a size, quality or option that cannot be used.
        """
        model, quality = models.find_model(settings.model), _quality(settings)
        models.require_living(model, self._today())
        models.require_size(model, settings.size)
        models.require_quality(model, quality)
        _deadline_s(settings)
        _, base_url = self._access()
        words = [model.name, quality if model.known else "minimal parameters", f"{settings.size[0]}x{settings.size[1]}"]
        if base_url:
            words.append(f"at {urlsplit(base_url).hostname}")
        if model.shut_down:
            words.append(f"until {model.shut_down}, then {model.replacement}")
        return ", ".join(words)

    def identity(self, settings: EngineSettings) -> dict[str, str]:
        """Return what decides an answer beside prompt and pictures: model, quality, canvas, server."""
        _, base_url = self._access()
        size = f"{settings.size[0]}x{settings.size[1]}"
        model = models.find_model(settings.model)
        found = {"version": VERSION, "model": model.name, "quality": _quality(settings), "size": size}
        return {**found, "server": base_url} if base_url else found

    def limit_scope(self, settings: EngineSettings) -> LimitScope | None:
        """Return what shares one limit: server, model and key; a server on this computer is expected to have none."""
        try:
            key, base_url = self._access()
        except EngineUnavailableError:
            return None
        address = urlsplit(base_url or f"https://{OWN_HOST}")
        host = address.hostname or OWN_HOST
        account = hashlib.sha256(key.encode()).hexdigest()[:_FINGERPRINT]
        model = models.find_model(settings.model).name
        service = f"{host}:{address.port}" if address.port else host
        return LimitScope(service, model, account, limited=not _is_here(host))

    def quote(self, settings: EngineSettings, picture_size: tuple[int, int], references: int) -> Quote:
        """Estimate one call; references are fitted into the canvas, so their own size does not count.

        Args:
            settings: As chosen.
            picture_size: (width, height) of the pictures given.
            references: How many go in.
        """
        del picture_size
        model = models.find_model(settings.model)
        cost = prices.estimate(model, _quality(settings), settings.size, references)
        return Quote(cost_usd=cost, latency_s=model.latency_s)

    def probe(self, settings: EngineSettings) -> str:
        """Ask the service for its list of models, which costs nothing; return what it says of the chosen one.

        Raises:
            UsageError: as `check`, or if the service does not have the model.
            EngineError: if it does not answer within a few seconds, or refuses the key.
        """
        from watercolor_rig.engines.openai_images.probing import ask_for_models, judge  # noqa: PLC0415 - loads the SDK

        self.check(settings)
        key, base_url = self._access()
        where = urlsplit(base_url).hostname if base_url else "OpenAI"
        listed = ask_for_models(key, base_url, min(_PROBE_S, _deadline_s(settings) or _PROBE_S))
        return f"{where}: {judge(models.find_model(settings.model).name, listed, self._today())}"

    def open_tweens(self, settings: EngineSettings) -> TweenEngine:
        """Return an engine for in-betweens.

        Raises:
            UsageError: as `check`.
        """
        return self._open(settings)

    def open_expressions(self, settings: EngineSettings) -> ExpressionEngine:
        """Return an engine for expressions.

        Raises:
            UsageError: as `check`.
        """
        return self._open(settings)

    def _open(self, settings: EngineSettings) -> "ImagesEngine":
        from watercolor_rig.engines.openai_images.engine import Asking, ImagesEngine  # noqa: PLC0415 - loads the SDK
        from watercolor_rig.engines.openai_images.service import ImagesService  # noqa: PLC0415 - loads the SDK

        self.check(settings)
        key, base_url = self._access()
        asked_s = _deadline_s(settings)
        service = ImagesService(key, base_url, asked_s or DEADLINE_S, asked_s or LONGEST_S)
        return ImagesEngine(service, Asking(models.find_model(settings.model), _quality(settings), settings.size))

    def _access(self) -> tuple[str, str | None]:
        """Return the key and the server's address, or None for OpenAI's."""
        environ = os.environ if self.environ is None else self.environ
        key, base_url = (environ.get(name, "").strip() for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"))
        if not key and not base_url:
            raise EngineUnavailableError(
                "engine 'openai' needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server",
            )
        address = urlsplit(base_url)
        if base_url and (address.scheme not in {"http", "https"} or not address.hostname):
            raise EngineUnavailableError(
                f"OPENAI_BASE_URL {base_url!r} is no address; set one such as http://127.0.0.1:8000/v1",
            )
        return key or _PLACEHOLDER_KEY, base_url or None

    def _today(self) -> date:
        return self.today or datetime.now(UTC).date()


def _quality(settings: EngineSettings) -> str:
    return settings.quality or models.load_table().default_quality


def _deadline_s(settings: EngineSettings) -> float | None:
    text = settings.options.get("deadline_s")
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise UsageError(f"option deadline_s={text}: not a number of seconds above 0; use one such as 300")
    return seconds


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
