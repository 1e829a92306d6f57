"""What the commands that import share: files on the command line, progress on a terminal, a summary, an exit code."""

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from .contract import Context, Importer, Outcome, Unreadable
from .run import Row, Summary, import_file

LONGEST = 70  # characters of a value in a dry run


class ImportCommand(BaseCommand):
    """Imports each file with `importer_for(options)`.

    It ends with a summary, and with an error when a file could not be read or a record was refused. It may be
    interrupted and run again: what is there already is unchanged.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")

    def importer_for(self, options: dict[str, Any]) -> Importer:
        """The importer that these options ask for."""
        raise NotImplementedError

    def context_for(self, options: dict[str, Any]) -> Context:
        """For whom and how; the system itself unless a command knows better."""
        return Context()

    def handle(self, *args: object, **options: Any) -> None:
        importer, context = self.importer_for(options), self.context_for(options)
        with translation.override("en"):  # as everything else that commands say
            troubled = [path for path in options["files"] if not self._imported(path, importer, context, options)]
        if troubled:
            raise CommandError("not everything was imported: " + ", ".join(path.name for path in troubled))

    def _imported(self, path: Path, importer: Importer, context: Context, options: dict[str, Any]) -> bool:
        """Whether the whole file went in; what did not is written to stderr."""
        try:
            with path.open("rb") as file:
                for remark in importer.remarks(file, path.name):
                    self.stderr.write(f"{path.name}: {remark}")
                told = partial(self._describe, importer.for_page()) if options["dry_run"] else self._progress
                summary = import_file(importer, file, path.name, context, dry_run=options["dry_run"], on_progress=told)
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}")
            return False
        except Unreadable as problem:
            self._clear()
            self.stderr.write(str(problem))
            return False
        except KeyboardInterrupt:
            raise CommandError("interrupted; run it again to go on") from None
        self._clear()
        self._tell(path, summary, dry_run=options["dry_run"])
        return not summary.counts[Outcome.REFUSED]

    def _tell(self, path: Path, summary: Summary, *, dry_run: bool) -> None:
        for row in summary.refusals:
            for reason in str(row.plan.reason).splitlines():
                self.stderr.write(f"{row.position}: {reason}")
        counts = ", ".join(f"{summary.counts[outcome]} {outcome}" for outcome in Outcome.values)
        self.stdout.write(f"{path.name}: {summary.read} read, {counts}" + (" (nothing written)" if dry_run else ""))
        if summary.questions:
            self.stdout.write(f"{summary.questions} with fields that were edited here; these stayed as they are")

    def _describe(self, importer: Importer, summary: Summary) -> None:
        """A dry run tells of each record instead of counting them."""
        for row in summary.latest:
            self._describe_row(importer, row)

    def _describe_row(self, importer: Importer, row: Row) -> None:
        plan = row.plan
        about = " ".join(filter(None, (plan.outcome.label.lower(), plan.key, plan.number, plan.title)))
        self.stdout.write(f"{row.position}: {about}")
        for mark, fields in (("", plan.changes), ("edited here: ", plan.questions)):
            for name, (old, new) in fields.items():
                values = f"{_short(importer, name, old)} → {_short(importer, name, new)}"
                self.stdout.write(f"    {mark}{importer.label_of(name)}: {values}")
        for note in plan.notes:
            self.stdout.write(f"    {note}")

    def _progress(self, summary: Summary) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{summary.read} records", ending="")
            self.stdout.flush()

    def _clear(self) -> None:
        if self.stdout.isatty():
            self.stdout.write("\r", ending="")


def _short(importer: Importer, name: str, value: Any) -> str:
    text = " | ".join(importer.show(name, value).splitlines())
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text or "–"
