"""Facts in, ticks out; a lesson keeps nobody."""

from __future__ import annotations

import numpy as np
import pytest

from ganstudio.experiment import Experiment
from ganstudio.experiment.change import with_value
from ganstudio.lessons.facts import FACTS, Observation
from ganstudio.lessons.lesson import Lesson
from ganstudio.lessons.progress import LessonProgress
from ganstudio.lessons.reading import parse_lesson
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk
from ganstudio.messages.snapshot import Progress
from ganstudio.targets import build

STEP = """
## {title}
```toml
preset = "ring8"
layers = ["generated"]
do = "Play."
actions = ["play 10"]
checks = {checks}
```
"""


def lesson(*steps: str) -> Lesson:
    body = "".join(STEP.format(title=f"Step {at}", checks=checks) for at, checks in enumerate(steps))
    return parse_lesson('+++\ntitle = "T"\nsummary = "S"\n+++\n' + body, name="t", file="t/lesson.md")


def look(
    iteration: int, jsd: float | None = None, *, experiment: Experiment | None = None, **row: float
) -> Observation:
    history = History()
    measures = np.empty((0, len(MEASURE_COLUMNS))) if jsd is None else np.array([[iteration, jsd, 0.001, jsd, jsd]])
    values = {"iteration": float(iteration), **row}
    rows = np.array([[values.get(name, np.nan) for name in COLUMNS]])
    history.append(HistoryChunk(rows, measures))
    return Observation(experiment or Experiment(), Progress(iteration, iteration, iteration), history)


def test_a_check_ticks_once_it_holds_and_stays_ticked() -> None:
    progress = LessonProgress(lesson('["jsd < 0.1", "generator_loss < 0"]'))
    progress = progress.seen(look(0, 0.5))
    assert progress.ticked == frozenset()
    progress = progress.seen(look(10, 0.05))
    assert progress.ticked == {0}
    progress = progress.seen(look(20, 0.5, generator_loss=-1.0))
    assert progress.ticked == {0, 1}
    assert progress.step_done and progress.is_complete


def test_a_check_with_a_hold_must_hold_without_a_break() -> None:
    progress = LessonProgress(lesson('["jsd < 0.1 for 50 iterations"]'))
    for iteration, jsd in ((0, 0.05), (40, 0.05), (45, 0.2), (50, 0.05), (99, 0.05)):
        progress = progress.seen(look(iteration, jsd))
    assert not progress.step_done
    assert progress.seen(look(100, 0.05)).step_done


def test_change_is_counted_from_the_first_value_that_is_known_in_the_step() -> None:
    progress = LessonProgress(lesson('["change of jsd < -0.1"]'))
    for jsd in (None, 0.5, 0.41):
        progress = progress.seen(look(0, jsd))
    assert not progress.step_done
    assert progress.seen(look(10, 0.39)).step_done
    assert not progress.go_to(0).seen(look(10, 0.39)).step_done


def test_played_counts_on_when_the_run_begins_again() -> None:
    progress = LessonProgress(lesson('["played >= 30"]'))
    for iteration in (100, 120, 0, 5):
        progress = progress.seen(look(iteration))
    assert progress.played == 25
    assert not progress.step_done
    assert progress.seen(look(15)).step_done


def test_settings_are_facts() -> None:
    progress = LessonProgress(lesson('["training.discriminator_updates >= 5", "objective.kind = hinge"]'))
    experiment = with_value(Experiment(), "training.discriminator_updates", 5)
    assert progress.seen(look(0, experiment=experiment)).ticked == {0}
    assert progress.seen(look(0, experiment=with_value(experiment, "objective", "hinge"))).step_done


def test_every_step_can_be_gone_to_at_any_time_and_returned_to() -> None:
    progress = LessonProgress(lesson('["jsd < 0.1"]', '["jsd < 0.2"]', '["jsd < 0.3"]'))
    progress = progress.go_to(2).seen(look(0, 0.05))
    assert (progress.at, progress.done) == (2, {2})
    assert progress.go_to(99).at == 2 and progress.go_to(-1).at == 0
    assert progress.go_to(0).go_to(2).step_done
    again = progress.go_to(2).again()
    assert not again.step_done and again.ticked == frozenset()


def test_coming_back_begins_at_the_first_step_that_is_not_done() -> None:
    steps = lesson('["jsd < 0.1"]', '["jsd < 0.2"]', '["jsd < 0.3"]')
    assert LessonProgress.of(steps, [0, 2, 17]).at == 1
    assert LessonProgress.of(steps, [0, 1, 2]).is_complete
    assert LessonProgress.of(steps).at == 0


def test_nothing_is_known_before_training_and_nothing_ticks() -> None:
    empty = Observation(Experiment(), Progress(), History())
    unknown = [name for name in FACTS if empty.value(name) is None]
    assert set(FACTS) - set(unknown) == {"iteration", "discriminator_updates", "generator_updates", "phase", "strokes"}


def test_samples_tell_modes_and_their_quality() -> None:
    target = build(with_value(Experiment(), "target", "gaussian_ring").target)
    assert target.modes is not None
    samples = np.repeat(target.modes[:2], 5, axis=0).astype(np.float32)
    samples[0] = 50.0
    seen = Observation(Experiment(), Progress(), History(), target, samples)
    assert seen.value("modes_captured") == 2
    assert seen.value("hq_fraction") == pytest.approx(0.9)


def test_losses_are_averaged_over_the_last_updates_and_gaps_are_passed_over() -> None:
    history = History()
    rows = np.full((200, len(COLUMNS)), np.nan)
    rows[:, 0] = np.arange(200)
    rows[100::2, COLUMNS.index("generator_loss")] = 1.0
    rows[:100, COLUMNS.index("generator_loss")] = 9.0
    history.append(HistoryChunk(rows))
    assert Observation(Experiment(), Progress(), history).value("generator_loss") == 1.0
