"""Makes the pictures of the manual, in each language, and of the README, from the program itself: ``make pictures``.

Arguments name pictures to make again. Folders in the pictures lie in ``/home/mira``, so that folder must not be there,
and this script must be allowed to make it; it is taken away at the end.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HOME = Path("/home/mira")
ASSETS = Path(__file__).parents[2] / "assets"
LANGUAGES = ("en", "de", "zh_CN")


def main(wanted: Sequence[str]) -> int:
    """Make the models, open the window, and take the pictures."""
    if HOME.exists():
        print(f"{HOME} is there already.", file=sys.stderr)
        return 1
    from mergedesk.demo.base_model import demo_adapter_folder, demo_base_folder, make_demo_base

    base = make_demo_base(demo_base_folder(), print)  # in the cache of whoever runs this
    try:
        models = HOME / "models"
        models.mkdir(parents=True)
        from picture_models import make_models

        make_models(models, base, demo_adapter_folder())
        with alone():
            take_all(models, wanted)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    return 0


@contextmanager
def alone() -> Iterator[None]:
    """A world of its own: another home, a hub on loopback, no screen, English to begin with."""
    from loopback_hub import running
    from picture_models import make_hub

    make_hub(HOME / ".hub", HOME / "models")
    for name in [name for name in os.environ if name.startswith(("XDG_", "HF_", "LC_", "LANG"))]:
        del os.environ[name]
    with running(HOME / ".hub") as hub:
        own = {"HOME": str(HOME), "HF_ENDPOINT": hub.url, "HF_HOME": str(HOME / ".hf"), "NO_PROXY": "127.0.0.1"}
        os.environ.update(own, QT_QPA_PLATFORM="offscreen", LANG="C.UTF-8")
        yield


def take_all(models: Path, wanted: Sequence[str]) -> None:
    """Every scene, in an order in which each finds what it needs."""
    import picture_scenes
    from picture_session import Session

    session = Session(models, ASSETS / "manual", ASSETS / "screenshots", LANGUAGES, wanted)
    try:
        for scene in picture_scenes.SCENES:
            scene(session)
    finally:
        session.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
