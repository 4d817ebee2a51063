"""A run: from its first page to its published drop, across crashes.

On disk, in the output folder, a run is first ``.<run_id>.spool/`` (what was extracted so
far), then ``.<run_id>.partial/`` beside it (files being written), then ``<run_id>/`` and a
line of the catalogue, or the line alone; or ``.<run_id>.held/``, where a check failed. Each step can be repeated, so a run that was killed anywhere is
finished by the same command.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import msgspec
from scrapy.exceptions import DropItem

from newscrawl.addresses.canonical import url_key
from newscrawl.drops import catalogue
from newscrawl.drops.build import Past, write_files
from newscrawl.drops.checks import Finding, check
from newscrawl.drops.files import sync_folder
from newscrawl.drops.form import Form
from newscrawl.drops.lines import WrittenFile
from newscrawl.drops.measures import Measures, Measuring
from newscrawl.drops.outputs import ENTRIES, LocalOutput, Output
from newscrawl.drops.publish import (
    Package,
    Published,
    clock,
    commit,
    describe,
    finish_publishing,
    list_drop,
    publish,
    read_published,
)
from newscrawl.drops.schema import SCHEMAS
from newscrawl.errors import (
    INTERNAL_ERROR,
    PIPELINE_ERROR,
    DropHeldError,
    EmptyPost,
    NewscrawlError,
    RejectItem,
    RunIdTakenError,
    StateError,
    StorageError,
    UsageError,
    one_line,
)
from newscrawl.items import Article, ExchangeRate, Item, Note, PageRecord, Person, Reject
from newscrawl.page.characters import make_readable
from newscrawl.sites import declared_sites
from newscrawl.store.queue import Named
from newscrawl.store.spool import PageContent, Spool
from newscrawl.store.state import State

logger = logging.getLogger(__name__)

_CHECKS = ("hold", "warn", "off")


@dataclass(slots=True)
class Pending:
    """A page whose items are on their way: complete when all that it announced are in."""

    arrived: int = 0
    record: PageRecord | None = None
    articles: list[Article] = field(default_factory=list)
    rates: list[ExchangeRate] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    empty_posts: int = 0
    errors: list[str] = field(default_factory=list)
    named: Named | None = None

    def reject(self, code: str, detail: str, excerpt: str, page: str) -> None:
        """Count an item as arrived and rejected."""
        self.arrived += 1
        self.rejects.append(Reject(page=page, reason=code, detail=detail, excerpt=excerpt))


def new_run_id(spider: str, site: str | None, now: datetime) -> str:
    """`<UTC start>-<spider>[-<site>]`.

    >>> new_run_id("replay", None, datetime(2024, 12, 21, 6, tzinfo=UTC))
    '20241221T060000Z-replay'
    """
    start = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return "-".join(filter(None, [start, spider, site]))


class Run:
    """One run of a spider into one drop.

    Args:
        output: where drops go, or a folder; what is local of it is made where it is missing.
        spider: the spider's name.
        site: the site that is forced, or None.
        arguments: what else the run was begun with, for telling whether an unfinished run of
            the same name is this one.
        run_id: a name; without one, the start time and the spider make it, made unique.
        state: the file of the state across runs; None: the run stands alone.
        emit_unchanged: export the articles that did not change since an earlier drop too.
        label: what the run_id has in the place of the site.
        state_wait: None: the run has the state to itself. Else only while it begins and
            publishes, and waits so many seconds for another run to do the same.
        checks: `hold`: a drop that fails a check is kept aside; `warn`: it is told; `off`: nothing
            is checked.
        form: how the drop's files are written.

    Raises:
        UsageError: the run_id is no file name, is taken, or was begun with other arguments.
        RunBusyError: another process works on it, or another run holds the state.
        StateError: the state is damaged, something else, or too new.
        StorageError: the output folder can't be written.
    """

    def __init__(
        self,
        output: Output | Path,
        spider: str,
        site: str | None,
        arguments: dict[str, str | None],
        run_id: str | None = None,
        state: Path | None = None,
        emit_unchanged: bool = False,
        label: str | None = None,
        state_wait: float | None = None,
        checks: str = "hold",
        form: Form = Form(),  # noqa: B008  # it never changes
    ) -> None:
        if checks not in _CHECKS:
            raise UsageError(f"NEWSCRAWL_CHECKS is {checks!r}; it is one of {', '.join(_CHECKS)}")
        self._out = LocalOutput(output) if isinstance(output, Path) else output
        self.output = output = self._out.work
        self.spider, self.site, self._checks = spider, site, checks
        self._form = form
        self.started_at = datetime.now(UTC)
        self.failure: NewscrawlError | None = None
        self.published: Published | None = None
        self.state: State | None = None
        self.notes: list[Note] = []
        """What is worth telling of the run and belongs to no page; the descriptor has it."""
        self.on_spooled: Callable[[str], None] = lambda page: None
        """Called with each page that is in the spool."""
        self._pending: dict[str, Pending] = {}
        try:
            output.mkdir(parents=True, exist_ok=True)
            made = new_run_id(spider, label or site, self.started_at)
            if state:
                self.state = State(state, run_id or made, state_wait or 0)
                finish_publishing(self.state)
            self._emit_unchanged, self._state_wait = emit_unchanged, state_wait
            self._past = self._read_past(emit_unchanged)
            self.run_id = self._claim(run_id, made)
            identity = {"spider": spider, "site": site, **arguments}
            if state:
                identity["state"] = str(state)
            self.spool = Spool(self._spool_folder / "spool.sqlite", identity)
            if self.state and state_wait is not None:
                self.state.release()
        except NewscrawlError:
            self._close_state()
            raise
        except sqlite3.Error as error:
            self._close_state()
            raise StateError(
                f"the state {state} can't be read: {error}; restore a backup, or choose another "
                "-s NEWSCRAWL_STATE="
            ) from None
        except OSError as error:
            self._close_state()
            by_way = "" if isinstance(self._out, LocalOutput) else f" by way of {output}"
            raise StorageError(
                f"the output {self._out}{by_way} can't be used: {error.strerror or error}; choose "
                "another with -s NEWSCRAWL_OUTPUT="
            ) from None

    def _close_state(self) -> None:
        if self.state is not None:
            self.state.close()

    def _read_past(self, emit_unchanged: bool) -> Past:
        last = self.state.last_run() if self.state else None
        went_back = last is not None and self.started_at < last.replace(microsecond=0)
        if went_back:
            logger.warning(
                "The clock says %s, and the state's last run ended at %s: pages that are gone are not "
                "counted in this run; set the clock",
                clock(self.started_at),
                last,
            )
        return Past(self.state, emit_unchanged, seen_gone=not went_back)

    def _claim(self, given: str | None, made: str) -> str:
        if given is None:
            name, count = made, 1
            while self._is_taken(name) or not self._begin(name):
                count += 1
                name = f"{made}-{count}"
            return name
        if not catalogue.RUN_ID.fullmatch(given):
            raise UsageError(
                f"run_id {given!r} is no file name; use letters, digits and . _ + - (200 at most), "
                "a letter or digit first"
            )
        if given.lower() in (catalogue.CATALOGUE, SCHEMAS, ENTRIES):
            raise UsageError(
                f"run_id {given!r} is a name that the output folder needs itself; choose another "
                "-a run_id="
            )
        if self._begun(given).exists():
            is_ours = self._out.claim(given, self._begun(given)) or self._out.is_out(given)
        else:
            is_ours = not self._is_taken(given) and self._begin(given)
        if not is_ours:
            raise RunIdTakenError(
                f"{self._out.place(given)} is published already, or being made by another, and drops "
                "never change; choose another -a run_id="
            )
        return given

    def _begun(self, name: str) -> Path:
        return self.output / f".{name}.spool"

    def _begin(self, name: str) -> bool:
        """Make the folder of a run that is new, and keep the name from others; False: one has it."""
        folder = self._begun(name)
        try:
            folder.mkdir()
        except FileExistsError:
            return False
        is_ours = False
        try:
            is_ours = self._out.claim(name, folder)
        finally:
            if not is_ours:
                shutil.rmtree(folder)
        return is_ours

    def _is_taken(self, name: str) -> bool:
        return self._out.is_out(name) or (self.state is not None and self.state.has_run(name))

    @property
    def folder(self) -> Path | str:
        """Where the drop lies when it is published."""
        return self._out.place(self.run_id)

    @property
    def _spool_folder(self) -> Path:
        return self.output / f".{self.run_id}.spool"

    @property
    def _partial_folder(self) -> Path:
        return self.output / f".{self.run_id}.partial"

    @property
    def _held_folder(self) -> Path:
        return held_folder(self.output, self.run_id)

    # Collecting

    def has_page(self, page: str, sha256: str | None) -> bool:
        """Whether an earlier start of this run has the page already."""
        return self.spool.has_page(page, sha256)

    def add(self, item: Item) -> None:
        """Take an item that has passed the pipelines.

        Raises:
            StorageError: the disk failed.
        """
        pending = self._pending.setdefault(item.page, Pending())
        if isinstance(item, PageRecord):
            pending.record = item
        else:
            pending.arrived += 1
            if isinstance(item, Article):
                pending.articles.append(item)
            elif isinstance(item, ExchangeRate):
                pending.rates.append(item)
            else:
                pending.people.append(item)
        self._spool_if_complete(item.page)

    def reject(self, item: Item, error: BaseException) -> None:
        """Take an item that a pipeline dropped or broke on; nothing is lost in silence.

        Raises:
            StorageError: the disk failed.
        """
        pending = self._pending.setdefault(item.page, Pending())
        is_ours = not isinstance(error, DropItem)
        if is_ours:
            pending.errors.append(one_line(error))
        if isinstance(item, PageRecord):
            # The ledger has every page, whatever a pipeline thinks of it.
            pending.record = item
        elif isinstance(error, EmptyPost):
            pending.arrived += 1
            pending.empty_posts += 1
        elif isinstance(error, RejectItem):
            pending.reject(error.code, error.detail, error.excerpt, item.page)
        else:
            code = PIPELINE_ERROR if is_ours else "dropped-by-pipeline"
            pending.reject(code, one_line(error), _excerpt(item), item.page)
        self._spool_if_complete(item.page)

    def note_gone(self, url: str, seen_at: datetime) -> None:
        """Note that a page is gone: its site says 404, 410 or noindex; never that a fetch failed.

        Seen so twice, a day apart, its article is withdrawn.

        Args:
            url: its address.
            seen_at: when the site said so, aware.
        """
        if key := url_key(url):
            self.spool.add_gone(key, seen_at)

    def name(self, named: Named) -> None:
        """Note what a page of a live crawl names, before its items come."""
        self._pending.setdefault(named.page, Pending()).named = named

    def _spool_if_complete(self, page: str) -> None:
        pending = self._pending[page]
        record = pending.record
        if record is None or pending.arrived < record.found:
            return
        del self._pending[page]
        if pending.errors:
            # The worst comes first: what the page says of itself stands behind it.
            count = len(pending.errors)
            said = f"{PIPELINE_ERROR}: {count} of its items met an error: {pending.errors[0]}"
            record.reason = f"{said}; {record.reason}" if record.reason else said
        record.notes.sort(key=lambda note: (note.code, note.detail, note.count))
        record.exchange_rates, record.people = len(pending.rates), len(pending.people)
        record.rejects, record.empty_posts = len(pending.rejects), pending.empty_posts
        records: list[Any] = [record, pending.articles, pending.rates, pending.people]
        make_readable([*records, pending.rejects])  # whatever road an item came
        self.spool.add_page(
            PageContent(
                record,
                pending.articles,
                pending.rates,
                pending.people,
                pending.rejects,
                pending.named,
            )
        )
        self.on_spooled(page)

    def settle(self) -> None:
        """End the pages of which items were lost on their way: a pipeline gave back something else.

        Called when every item had its turn.

        Raises:
            StorageError: the disk failed.
        """
        for page, pending in list(self._pending.items()):
            if pending.record is None:
                reason = (
                    f"{INTERNAL_ERROR}: the page's own record did not come out of the pipelines"
                )
                pending.record = PageRecord(
                    page=page, outcome="rejected", reason=reason, found=pending.arrived
                )
            for _ in range(pending.record.found - pending.arrived):
                pending.errors.append("an item did not come out of the pipelines")
                pending.reject(PIPELINE_ERROR, pending.errors[-1], "", page)
            self._spool_if_complete(page)

    # Publishing

    def publish(self) -> Published | None:
        """Publish the drop; every step can be repeated after a crash.

        Returns:
            What was published, or None where the run met no page.

        Raises:
            DropInvalidError: the drop would not keep its contract.
            DropHeldError: a check failed, and the drop lies aside.
            StorageError: the disk failed.
        """
        self.settle()
        if self.is_empty:
            self.discard()
            return None
        if self.state and self._state_wait is not None:
            self.state.hold(self._state_wait)
            finish_publishing(self.state)
            self._past = self._read_past(self._emit_unchanged)
        try:
            if self._out.is_out(self.run_id):
                self.published = self._finish()
            else:
                self._write()
            if self.state:
                commit(self.state, self._out, self.run_id, self.spool, self._past)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"the drop {self.folder} could not be published: {error}; what was extracted is kept, "
                f"repeat the command with -a run_id={self.run_id} when the disk is well"
            ) from None
        self.discard()
        return self.published

    def _finish(self) -> Published:
        """Do what is left of a drop that is out: its entry, and a look at it."""
        list_drop(self._out, self.run_id)
        if isinstance(self.folder, Path):
            return read_published(self.folder)
        # What lies elsewhere is made once more; the same pages give the same records.
        self._write_files()
        return replace(read_published(self._partial_folder), place=self.folder)

    def _write_files(self) -> tuple[list[WrittenFile], dict[str, Measures]]:
        partial = self._partial_folder
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir()
        measuring = Measuring()
        files = write_files(self.spool, partial, self._past, measuring, self._form)
        return files, measuring.finish()

    def _write(self) -> None:
        partial = self._partial_folder
        files, measures = self._write_files()
        findings = self._check(measures)
        package = Package(
            self.run_id,
            self.spider,
            self.started_at,
            files,
            self._all_notes(),
            self.state,
            measures,
            findings,
        )
        errors = [finding for finding in findings if finding.level == "error"]
        if errors and self._checks == "hold":
            self._hold(partial, package, errors)
        self.published = publish(self._out, partial, package)

    def _check(self, measures: dict[str, Measures]) -> list[Finding]:
        """Compare the drop with what its sites declare and with their past; all of it is told."""
        if self._checks == "off":
            return []
        names = {*measures, *filter(None, [self.site])}
        declared = declared_sites()
        findings = check(
            measures,
            {name: declared[name].expects for name in names if name in declared},
            {name: self._history(name) for name in measures},
            self.started_at,
        )
        for finding in findings:
            logger.warning("Check (%s): %s", finding.level, finding.text)
        return findings

    def _history(self, site: str) -> list[Measures]:
        packed = self.state.measures(site) if self.state else []
        return [msgspec.json.decode(one, type=Measures) for one in packed]

    def _hold(self, partial: Path, package: Package, errors: list[Finding]) -> NoReturn:
        """Keep the drop aside, whole and readable; the spool stays, and publishes it after all."""
        describe(self.output, partial, package)
        shutil.rmtree(self._held_folder, ignore_errors=True)
        partial.rename(self._held_folder)
        sync_folder(self.output)
        told = "; ".join(error.text for error in errors)
        raise DropHeldError(
            f"the drop is not published: {told}. It lies in {self._held_folder}; look at it, then "
            f"publish it with: scrapy publish {self.run_id}, or drop it with: scrapy publish "
            f"--discard {self.run_id}"
        )

    def _all_notes(self) -> list[Note]:
        """What belongs to no page: what the run noted, and what its queue did not ask for."""
        notes = [*self.notes, *(self.spool.queue.notes() if self.spool.queue else ())]
        make_readable(notes)
        return sorted(notes, key=lambda note: (note.code, note.detail, note.count))

    @property
    def is_empty(self) -> bool:
        """Whether no page is in the spool."""
        return self.spool.count("pages") == 0

    def discard(self) -> None:
        """Close the spool and delete what the run has on disk beside its drop."""
        self.close()
        shutil.rmtree(self._partial_folder, ignore_errors=True)
        shutil.rmtree(self._held_folder, ignore_errors=True)
        self._out.release(self.run_id)
        shutil.rmtree(self._spool_folder, ignore_errors=True)

    def close(self) -> None:
        """Close spool and state; an unfinished run stays on disk and can be gone on with.

        Raises:
            StorageError: the disk failed; the last pages are not in the spool.
        """
        try:
            self.spool.close()
        finally:
            self._close_state()


def unfinished(
    output: Path, spider: str, site: str | None, arguments: dict[str, Any]
) -> str | None:
    """The run_id of an unfinished run that was begun with the same, the oldest; None for none.

    One whose drop was held waits for a person.

    Args:
        output: the output folder.
        spider, site, arguments: as for `Run`.
    """
    wanted = {"spider": spider, "site": site, **arguments}
    for folder in sorted(output.glob(f".*-{spider}*.spool")):
        run_id = folder.name.removeprefix(".").removesuffix(".spool")
        if held_folder(output, run_id).exists():
            continue
        begun_with = Spool.begun_with(folder / "spool.sqlite")
        if begun_with is not None and {**begun_with, "state": None} == {**wanted, "state": None}:
            return run_id
    return None


def held_folder(output: Path, run_id: str) -> Path:
    """Where the drop of a run lies whose checks failed."""
    return output / f".{run_id}.held"


def reopen(
    output: Output | Path,
    run_id: str,
    form: Form = Form(),  # noqa: B008  # it never changes
) -> Run:
    """Open a run whose drop was held, to publish or discard it whatever the checks say.

    Args:
        output: where drops go, or a folder.
        run_id: the run.
        form: how the drop's files are written.

    Raises:
        UsageError: there is no such run, or its drop was not held.
        NewscrawlError: as for `Run`.
    """
    work = output if isinstance(output, Path) else output.work
    begun_with = Spool.begun_with(work / f".{run_id}.spool" / "spool.sqlite")
    if begun_with is None or not held_folder(work, run_id).exists():
        held = [path.name[1:].removesuffix(".held") for path in sorted(work.glob(".*.held"))]
        raise UsageError(
            f"{output} holds no drop {run_id!r} that waits; there "
            f"{'is: ' + ', '.join(held) if held else 'is none'}"
        )
    spider, site = begun_with.pop("spider"), begun_with.pop("site")
    state = begun_with.pop("state", None)
    run = Run(
        output,
        spider,
        site,
        begun_with,
        run_id,
        Path(state) if state else None,
        checks="warn",
        form=form,
    )
    run.spool.open_queue()
    return run


def _excerpt(item: Item) -> str:
    text = item.article_body if isinstance(item, Article) else str(item)
    return text[:200]
