"""The watch: notices what changes in the project's folders, whoever changes it, while somebody looks on."""

import logging
from threading import Event, Thread

from watercolor_rig.app.studio.catalogue import Catalogue
from watercolor_rig.app.studio.hub import EventHub
from watercolor_rig.core.errors import RigError

_LOG = logging.getLogger("watercolor_rig.studio")

PERIOD_S = 2.0
"""Ten thousand folders are asked for their date in some hundredths of a second."""

_AT_ONCE = 50
_DECODED_AT_ONCE = 4


class Watch:
    """A thread that keeps a catalogue true.

    Args:
        catalogue: What it looks at.
        hub: Somebody looks on while somebody listens there.
        period_s: How often to ask the disk.
    """

    def __init__(self, catalogue: Catalogue, hub: EventHub, period_s: float = PERIOD_S) -> None:
        self._catalogue = catalogue
        self._hub = hub
        self._period_s = period_s
        self._woken = Event()
        self._is_closing = False
        self._said = ""
        self._thread = Thread(target=self._run, name="studio-watch", daemon=True)

    def start(self) -> None:
        """Begin with a look at everything."""
        self._thread.start()

    def wake(self) -> None:
        """Look now, not only when the period is over."""
        self._woken.set()

    def close(self) -> None:
        """End the thread, between two looks."""
        self._is_closing = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._is_closing:
            try:
                self.look()
            except RigError as error:
                self._say(str(error))
            self._woken.wait(self._period_s if self._hub.listeners else None)
            self._woken.clear()

    def look(self) -> None:
        """Look at all that has changed.

        Raises:
            StoreError: if the disk refuses.
        """
        unsure = self._catalogue.refresh().unsure
        for start in range(0, len(unsure), _DECODED_AT_ONCE):
            if self._is_closing:
                return
            self._catalogue.make_sure(unsure[start : start + _DECODED_AT_ONCE])
        unseen = self._catalogue.unseen()
        for start in range(0, len(unseen), _AT_ONCE):
            if self._is_closing:
                return
            self._catalogue.look(unseen[start : start + _AT_ONCE])
        if unseen or unsure:
            self._catalogue.learn()

    def _say(self, text: str) -> None:
        """Say once what keeps the folders from being read."""
        if text != self._said:
            self._said = text
            _LOG.warning("%s", text)
