"""Text dumps among saved files: what those of one site share is counted before any is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from newscrawl.errors import PageError
from newscrawl.extract.frame import Frame, FrameCount
from newscrawl.page import decode
from newscrawl.page.media import is_markup
from newscrawl.sources.containers import media_type
from newscrawl.sources.directory import SavedFile


def folder_of(name: str) -> str:
    """The outermost folder of a saved page's name; dumps of one site lie in one."""
    return name.partition("/")[0] if "/" in name else ""


def find_frames(files: Iterable[SavedFile], max_bytes: int) -> dict[str, Frame]:
    """What the dumps of each folder share.

    Args:
        files: saved files of any kind; those are looked at that may be text dumps by their names.
        max_bytes: the largest size that is read.
    """
    counts: dict[str, FrameCount] = defaultdict(FrameCount)
    for file in files:
        if media_type(file.name) not in ("text/plain", None):
            continue
        try:
            if file.path.stat().st_size > max_bytes:
                continue
            body = file.path.read_bytes()
            if not is_markup(body):
                counts[folder_of(file.name)].add(decode(body)[0])
        except (OSError, PageError):
            continue  # its own record says why
    return {folder: count.settle() for folder, count in counts.items()}
