"""One writer of a project: whoever comes second is told who the first is."""

from pathlib import Path
from threading import Thread

import pytest

from watercolor_rig.core.errors import ProjectBusyError
from watercolor_rig.store.lock import lock_holder, project_lock


def test_whoever_comes_second_is_told_who_writes(tmp_path: Path) -> None:
    with project_lock(tmp_path, "sequences"):
        with pytest.raises(ProjectBusyError, match="'sequences'"), project_lock(tmp_path, "studio"):
            pass
        assert "'sequences'" in (lock_holder(tmp_path) or "")

    assert lock_holder(tmp_path) is None


def test_a_project_can_be_let_go_on_another_thread_than_it_was_taken_on(tmp_path: Path) -> None:
    held = project_lock(tmp_path, "studio")
    held.__enter__()

    thread = Thread(target=held.__exit__, args=(None, None, None))
    thread.start()
    thread.join()

    assert lock_holder(tmp_path) is None
    with project_lock(tmp_path, "sequences"):
        pass
