"""A picture of progress: a moving line on a terminal, plain lines elsewhere, nothing for what is done at once."""

import contextlib
import re
import subprocess
import sys
import threading
import time
from collections import deque

TICK = 0.2
HEARTBEAT = 10.0
QUIET = 1.0
BAR = 20


class Failed(SystemExit):
    """A step ended badly; its output is printed already."""


class Step:
    """One piece of work. Seconds is how long it usually takes: the bar follows it until `count` says better."""

    def __init__(self, title, seconds, stream=None):
        self.title, self.seconds = title, seconds
        self.stream = stream or sys.stdout
        self.is_terminal = self.stream.isatty()
        self.detail = ""
        self.fraction = None
        self.started = time.monotonic()

    def say(self, detail):
        """Show what is being done now; "84/250" inside it moves the bar."""
        self.detail = detail.strip()
        if found := re.search(r"\b(\d+) ?/ ?(\d+)\b", self.detail):
            self.count(int(found[1]), int(found[2]))

    def count(self, done, total):
        """Done of total pieces are ready."""
        self.fraction = min(done / total, 1.0) if total else None

    def run(self, command, **options):
        """Run command; its last line is the moving line, and its output is printed only when it fails."""
        tail = deque(maxlen=60)
        with subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **options,
        ) as process:
            for line in process.stdout:
                tail.append(line)
                if line.strip():
                    self.say(line)
        if process.returncode:
            self.clear()
            print("".join(tail), end="", file=sys.stderr, flush=True)
            raise Failed(f"{self.title} failed (exit code {process.returncode}).")

    @property
    def elapsed(self):
        return time.monotonic() - self.started

    @property
    def percentage(self):
        """A whole number below 100: the end is told by the step's last line."""
        fraction = self.elapsed / max(self.seconds, 0.1) if self.fraction is None else self.fraction
        return min(int(fraction * 100), 99)

    def line(self):
        done = self.percentage * BAR // 100
        bar = "█" * done + "░" * (BAR - done)
        return f"{bar} {self.percentage:>2} %  {self.title}, {self.elapsed:.0f} s"

    def draw(self):
        width = 100
        detail = f"  {self.detail}" if self.detail else ""
        self.write(f"\r\033[K{(self.line() + detail)[:width]}")

    def clear(self):
        if self.is_terminal:
            self.write("\r\033[K")

    def write(self, text):
        with contextlib.suppress(UnicodeEncodeError):
            print(text, end="", file=self.stream, flush=True)


@contextlib.contextmanager
def step(title, seconds=2.0, stream=None):
    """Show that title is going on, from when it takes longer than a moment until the block ends."""
    current = Step(title, seconds, stream)
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(current, ended), daemon=True)
    watcher.start()
    try:
        yield current
    finally:
        ended.set()
        watcher.join()
        current.clear()
    if current.elapsed >= QUIET:  # reached only when the block did not fail
        print(f"  ✓ {title}, {current.elapsed:.1f} s", file=current.stream, flush=True)


def _watch(current, ended):
    told = 0.0
    while not ended.wait(TICK if current.is_terminal else QUIET):
        if current.is_terminal:
            current.draw()
        elif current.elapsed - told >= HEARTBEAT:
            told = current.elapsed
            current.write(f"{current.percentage:>4} %  {current.title}, {told:.0f} s: {current.detail[:80]}\n")
