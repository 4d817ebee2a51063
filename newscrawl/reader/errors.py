"""What a reader of drops is told; beside `newscrawl.errors`, which needs Scrapy."""


class ReaderError(Exception):
    """A drop, or an output folder, can't be read; the message says what was found and where."""


class DropNotFoundError(ReaderError):
    """There is no drop, or no catalogue, at a path."""


class DropDamagedError(ReaderError):
    """A file of a drop is not as the descriptor says."""


class GapError(ReaderError):
    """A drop is missing from a chain, so that what follows is not the whole truth.

    Attributes:
        run_id: the first drop behind the gap, or the one that is gone.
        snapshot: the run of a snapshot to begin at anew, or None where there is none.
        state: whose chain it is; None: the run stood alone.
        missing: the numbers in the chain that lack; empty where another drop stands in the place of
            the one that was published.
    """

    def __init__(
        self,
        message: str,
        run_id: str,
        snapshot: str | None = None,
        state: str | None = None,
        missing: range = range(0),
    ) -> None:
        super().__init__(message)
        self.run_id, self.snapshot = run_id, snapshot
        self.state, self.missing = state, missing
