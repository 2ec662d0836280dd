"""The phases of training: by the rule on made histories, and sensibly on real runs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.experiment.change import with_value
from ganstudio.experiment.presets import preset
from ganstudio.messages.history import COLUMNS, MEASURE_COLUMNS, History, HistoryChunk
from ganstudio.metrics import phases as module
from ganstudio.metrics.phases import CALM_ROWS, HELP, PHASES, STALLED, WINDOW, PhaseReader, Phases, Segment
from ganstudio.session.codec import read, write
from ganstudio.session.session import Session
from ganstudio.training.run import Run


def phases(run: History, level: float | None = 0.5) -> Phases:
    """As read for the first time, all at once."""
    return PhaseReader().read(run, level)


def history(advantage: np.ndarray, jsd: np.ndarray, middle: float = 0.5, floor: float = 0.002) -> History:
    """A run with this difference of D's outputs at each iteration, and this JSD measured every ten."""
    count = len(advantage)
    rows = np.zeros((count, len(COLUMNS)))
    rows[:, 0] = np.arange(1, count + 1)
    rows[:, COLUMNS.index("real_output")] = middle + advantage / 2
    rows[:, COLUMNS.index("generated_output")] = middle - advantage / 2
    measures = np.zeros((len(jsd), len(MEASURE_COLUMNS)))
    measures[:, 0] = np.arange(len(jsd)) * 10
    measures[:, 1], measures[:, 2] = jsd, floor
    made = History()
    made.append(HistoryChunk(rows, measures))
    return made


def whole_story() -> History:
    """D gets ahead, G catches up, both come to rest."""
    advantage = np.concatenate([np.linspace(0, 0.6, 100), np.linspace(0.6, 0.02, 200), np.full(200, 0.01)])
    jsd = np.concatenate([np.linspace(0.69, 0.6, 10), np.linspace(0.6, 0.01, 25), np.full(16, 0.004)])
    return history(advantage, jsd)


def test_nothing_has_happened_before_the_first_update() -> None:
    found = phases(History())
    assert found.current == "before training" and found.segments == ()


def test_the_whole_story_is_told_in_order_and_without_gaps() -> None:
    found = phases(whole_story())
    assert [segment.phase for segment in found.segments] == ["D ahead", "G following", "equilibrium"]
    assert found.current == "equilibrium"
    assert found.segments[0].start == 0 and found.segments[-1].end == 500
    assert all(one.end == other.start for one, other in pairwise(found.segments))
    caught_up = 100 + 200 * 0.3 / 0.58 + WINDOW / 2  # half of the peak, seen through the window
    assert found.segments[0].end == pytest.approx(caught_up, abs=8)
    assert found.segments[1].end == 438  # the measure at 340 is the first below .032, and it has to last


def test_a_run_taken_back_is_in_the_phase_that_was_told_when_it_stood_there() -> None:
    whole = whole_story()
    found = phases(whole)
    for end in (0, 1, 40, 150, 333, 438, 439, 470, 500):
        part = History()
        part.append(HistoryChunk(whole.rows[:end], whole.measures[whole.measures[:, 0] <= end]))
        assert found.seen_from(end) == Phases(phases(part).current, found.segments)


def test_what_is_remarked_of_the_newest_iteration_is_not_said_of_an_earlier_one() -> None:
    found = Phases("G following", (Segment("D ahead", 0, 10), Segment("G following", 10, 20)), STALLED)
    assert found.seen_from(10) == Phases("D ahead", found.segments)
    assert found.seen_from(25) == Phases("G following", found.segments)  # the last updates, of G alone, told nothing


def test_the_past_of_the_strip_never_changes() -> None:
    whole = whole_story()
    for end in (1, 40, 150, 333, 470):
        part = History()
        part.append(HistoryChunk(whole.rows[:end], whole.measures[whole.measures[:, 0] <= end]))
        segments = phases(part).segments
        final = phases(whole).segments[: len(segments)]
        assert [segment.phase for segment in segments] == [segment.phase for segment in final]
        assert [segment.start for segment in segments] == [segment.start for segment in final]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    cuts=st.lists(st.integers(0, 600), max_size=8),
    back=st.none() | st.integers(0, 600),
    piece=st.integers(1, 200),
    level=st.sampled_from([None, 0.5]),
)
def test_a_run_that_is_followed_has_the_phases_of_one_that_is_read_as_a_whole(
    seed: int, cuts: list[int], back: int | None, piece: int, level: float | None
) -> None:
    rng = np.random.default_rng(seed)
    advantage = np.repeat(rng.choice([0.0, 0.01, 0.2, 0.5, 0.8], 12), 50) + rng.normal(0, 0.01, 600)
    jsd = np.repeat(rng.choice([0.004, 0.03, 0.07, 0.5], 12), 5)
    whole = history(advantage, jsd)
    rows = np.array(whole.rows)
    rows[rng.random(600) < 0.1, COLUMNS.index("real_output")] = np.nan  # single updates of G
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", piece)
        reader, followed, at = PhaseReader(), History(), 0
        for end in (*sorted(cuts), 600):
            followed.append(HistoryChunk(rows[at:end], _measured(whole, at, end)))
            at = end
            found = reader.read(followed, level)
            part = History()
            part.append(HistoryChunk(rows[:end], _measured(whole, 0, end)))
            patch.setattr(module, "PIECE", 10**6)
            assert found == phases(part, level) == reader.read(followed, level)
            patch.setattr(module, "PIECE", piece)
        if back is not None:
            followed.truncate(back)
            assert reader.read(followed, level) == phases(followed, level)
            followed.append(HistoryChunk(rows[back:], _measured(whole, back, 600)))
            assert reader.read(followed, level) == phases(followed, level)
        assert reader.read(whole, level) == phases(whole, level)


def _measured(run: History, after: int, until: int) -> np.ndarray:
    at = run.measures[:, 0]
    return run.measures[((at > after) | (after == 0)) & (at <= until)]


def test_a_measure_that_comes_late_still_counts_from_its_iteration_on() -> None:
    whole, late, reader = whole_story(), History(), PhaseReader()
    late.append(HistoryChunk(whole.rows[:], whole.measures[:30]))
    assert reader.read(late).current != "equilibrium"
    late.append(HistoryChunk(measures=whole.measures[30:]))
    assert reader.read(late) == phases(whole)


def test_a_rise_of_d_above_three_quarters_of_its_peak_puts_it_ahead_again() -> None:
    advantage = np.concatenate([np.full(100, 0.8), np.full(100, 0.3), np.full(100, 0.55), np.full(100, 0.7)])
    found = phases(history(advantage, np.full(41, 0.5)))
    assert [segment.phase for segment in found.segments] == ["D ahead", "G following", "D ahead"]
    assert found.segments[1].end > 300  # .55 is between the two thresholds


def test_equilibrium_outlasts_small_excursions_and_ends_with_large_ones() -> None:
    story, small, large = np.full(400, 0.01), 0.05, 0.07
    jsd = np.concatenate([[0.5, 0.3], np.full(20, 0.01), [small], np.full(7, 0.01), [large], np.full(10, 0.05)])
    advantage = np.concatenate([np.linspace(0.3, 0.0, 60), story[60:]])
    found = phases(history(advantage, jsd))
    assert [segment.phase for segment in found.segments] == ["D ahead", "G following", "equilibrium", "G following"]
    assert found.segments[2].end == 299  # the end is told at once


def circling(period: float, rounds: int = 8, friction: float = 0.0) -> History:
    """A critic of one slope ψ round a G that shifts: 2σ between the means at most, and ψ largest where that is 0."""
    time = np.arange(1, round(rounds * period) + 1)
    size = 2 * np.exp(-friction * time / period)
    distance, slope = size * np.cos(2 * np.pi * time / period), size * np.sin(2 * np.pi * time / period)
    measured = np.concatenate([[2.0], distance])[::10]
    return history(np.tanh(slope * distance / 4), np.log(2) * (1 - np.exp(-(measured**2) / 5.5)))


@pytest.mark.parametrize("period", [23, 63, 126, 400, 1000, 2500])
def test_a_run_that_circles_is_never_at_equilibrium_however_often_it_comes_by(period: float) -> None:
    run = circling(period)
    passes = (np.abs(run.column("real_output") - 0.5) < 0.05).sum()
    assert passes > 10 and (run.measures[:, 1] < run.measures[:, 2] + 0.03).any()  # it does come by
    for level in (None, 0.5):
        assert "equilibrium" not in {segment.phase for segment in phases(run, level).segments}


@pytest.mark.parametrize("period", [63, 400])
def test_a_run_that_spirals_inwards_is_at_equilibrium_once_it_stays(period: float) -> None:
    found = phases(circling(period, friction=1.0), None)
    assert [segment.phase for segment in found.segments if segment.phase == "equilibrium"] == ["equilibrium"]
    assert found.current == "equilibrium"


def test_rest_is_told_after_the_updates_and_measurements_that_the_rule_names() -> None:
    still, below = np.zeros(400), np.full(41, 0.004)
    ahead = np.concatenate([np.full(50, 0.5), still[:350]])
    (rest,) = [s for s in phases(history(ahead, below)).segments if s.phase == "equilibrium"]
    faded = 50 + WINDOW - 5  # from there the mean over the window is below .1, a distance of .05 from ½
    assert rest.start == pytest.approx(faded + CALM_ROWS, abs=3)
    late = np.concatenate([np.full(20, 0.3), below[:21]])  # the measure at 200 is the first near the floor
    (rest,) = [s for s in phases(history(ahead, late)).segments if s.phase == "equilibrium"]
    assert rest.start == 200 + CALM_ROWS - 2
    seldom = history(ahead, np.empty(0))
    measures = np.zeros((4, len(MEASURE_COLUMNS)))
    measures[:, 0] = 0, 100, 200, 300
    measures[:, 1] = 0.5, 0.004, 0.004, 0.004
    seldom.append(HistoryChunk(measures=measures))
    (rest,) = [s for s in phases(seldom).segments if s.phase == "equilibrium"]
    assert rest.start == 299  # the third of them


def test_a_session_that_is_opened_again_has_the_same_phases(tmp_path: Path) -> None:
    run = _run("gaussian-1d", 250, measure__weights="ema")
    path = tmp_path / "a.gans"
    write(Session(run.experiment, run.snapshot(), run.history.since(0, 0)), path)
    opened = History()
    opened.append(read(path).history)
    assert phases(opened) == phases(run.history)
    assert len(phases(opened).segments) > 1


CIRCLE: dict[str, object] = {
    "normalisation": "none",
    "target__mean": 2.0,
    "target__sigma": 1.0,
    "objective": "wasserstein",
    "generator__widths": [],
    "generator__initialisation": "orthogonal",
    "discriminator__widths": [],
    "discriminator__fourier_features": 0,
    "penalties__r1": 0.0,
    "penalties__r2": 0.0,
    "optimizers__generator": "sgd",
    "optimizers__discriminator": "sgd",
    "optimizers__generator__learning_rate": 0.1,
    "optimizers__discriminator__learning_rate": 0.1,
    "measure__weights": "current",
}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_wasserstein_critic_without_friction_is_never_at_equilibrium_and_with_r1_it_is(seed: int) -> None:
    circle = _run("gaussian-1d", 320, **CIRCLE, seed=seed)
    assert (circle.history.measure("jsd")[1:] < 0.03).any()
    assert "equilibrium" not in {segment.phase for segment in phases(circle.history, None).segments}
    spiral = _run("gaussian-1d", 320, **CIRCLE | {"penalties__r1": 1.0}, seed=seed)
    assert phases(spiral.history, None).current == "equilibrium"


def test_a_d_too_weak_to_see_anything_leaves_the_word_to_the_jsd_and_is_remarked_upon() -> None:
    found = phases(history(np.full(200, 0.001), np.concatenate([np.full(5, 0.4), np.full(16, 0.15)])))
    assert [segment.phase for segment in found.segments] == ["D ahead", "G following"]
    assert found.remark == STALLED
    assert phases(whole_story()).remark == ""


def test_label_smoothing_moves_the_level_and_a_critic_has_none() -> None:
    story = whole_story()
    shifted = history(story.column("real_output") - story.column("generated_output"), story.measures[:, 1], 0.4)
    assert phases(shifted, level=0.4).current == "equilibrium"
    assert phases(shifted, level=None).current == "equilibrium"
    assert phases(shifted, level=0.5).current == "G following"
    reader = PhaseReader()
    assert [reader.read(shifted, level).current for level in (0.4, 0.5, None)] == [
        "equilibrium",
        "G following",
        "equilibrium",
    ]


def test_updates_of_one_player_alone_and_missing_measures_do_no_harm() -> None:
    made = whole_story()
    alone = made.rows[-1:].copy()
    alone[0, 1:] = np.nan
    made.append(HistoryChunk(alone))
    assert phases(made).current == "equilibrium"
    unmeasured = history(np.linspace(0.5, 0, 200), np.empty(0))
    assert phases(unmeasured).current == "G following"  # not at rest: nobody has looked


def test_noise_of_a_hundred_thousand_rows_still_tiles_the_strip() -> None:
    rng = np.random.default_rng(0)
    segments = phases(history(rng.random(100_000), rng.random(10_000))).segments
    assert segments[0].start == 0 and segments[-1].end == 100_000
    assert all(one.end == other.start and one.phase != other.phase for one, other in pairwise(segments))


def test_every_phase_is_explained() -> None:
    assert set(HELP) == set(PHASES) and all(HELP.values())


def _run(name: str, iterations: int, **settings: object) -> Run:
    experiment = preset(name).experiment
    chosen: dict[str, object] = {"measure__samples": 5000, "measure__every": 20, "training__batch_size": 128}
    chosen |= {"generator__widths": [16], "discriminator__widths": [32]}
    for path, value in (chosen | settings).items():
        experiment = with_value(experiment, path.replace("__", "."), value)
    run = Run(experiment)
    run.measure()
    run.advance(iterations)
    return run


def test_a_run_that_succeeds_goes_through_all_phases_in_order() -> None:
    found = phases(_run("gaussian-1d", 400, measure__weights="ema").history)
    assert [segment.phase for segment in found.segments][:2] == ["D ahead", "G following"]
    assert found.current == "equilibrium"


def test_a_saturating_g_against_too_strong_a_d_stays_behind() -> None:
    run = _run(
        "disjoint",
        60,
        objective="minimax",
        penalties__r1=0.0,
        penalties__r2=0.0,
        training__discriminator_updates=5,
        training__ema_decay=0.0,
        optimizers__discriminator__learning_rate=0.01,
        optimizers__generator__learning_rate=1e-4,
    )
    found = phases(run.history)
    assert [segment.phase for segment in found.segments] == ["D ahead"]
    assert run.history.column("generated_output")[-1] < 0.05
