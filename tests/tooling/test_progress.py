"""The picture of progress: quiet for what is quick, one line at the end of what is not."""

import io
import sys

import pytest

from tooling import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_what_is_done_at_once_is_not_told():
    stream = io.StringIO()
    with progress.step("Blinking", stream=stream):
        pass
    assert stream.getvalue() == ""


def test_a_long_step_ends_with_its_line(monkeypatch):
    monkeypatch.setattr(progress, "QUIET", 0)
    stream = io.StringIO()
    with progress.step("Working", stream=stream):
        pass
    assert stream.getvalue() == "  ✓ Working, 0.0 s\n"


def test_a_step_that_fails_is_not_called_done(monkeypatch):
    monkeypatch.setattr(progress, "QUIET", 0)
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError), progress.step("Working", stream=stream):
        raise ZeroDivisionError
    assert "✓" not in stream.getvalue()


@pytest.mark.parametrize(
    ("said", "percentage"), [("84/250 courses", 33), ("84 / 250", 33), ("250/250", 99), ("0/0 nothing yet", 0)]
)
def test_a_count_moves_the_bar(said, percentage):
    step = progress.Step("Working", seconds=1000, stream=Terminal())
    step.say(said)
    assert step.percentage == percentage


def test_the_moving_line_has_bar_percentage_time_and_detail():
    stream = Terminal()
    step = progress.Step("Working", seconds=1000, stream=stream)
    step.say("1/4 courses")
    step.draw()
    assert stream.getvalue() == "\r\033[K█████░░░░░░░░░░░░░░░ 25 %  Working, 0 s  1/4 courses"


def test_the_output_of_a_command_is_shown_only_when_it_fails(capsys):
    step = progress.Step("Working", seconds=1, stream=io.StringIO())
    step.run([sys.executable, "-c", "print('fine')"])
    assert capsys.readouterr().err == ""
    with pytest.raises(progress.Failed, match="exit code 3"):
        step.run([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"])
    assert capsys.readouterr().err == "the reason\n"
