"""How the run goes: order and number of updates, what is measured, when it stops, where its randomness comes from."""

from __future__ import annotations

from ganstudio.experiment import Experiment
from ganstudio.ui.forms.number import Number, grouped
from ganstudio.ui.forms.record_form import stacked
from ganstudio.ui.panels.panel import Panel, heading
from ganstudio.ui.theme import Theme

STARTS: dict[str, Number] = {"stop.iterations": 10_000, "stop.seconds": 60.0, "stop.jsd_below": 0.02}
"""What a stop condition is set to when it is first switched on."""
OFF_AT_ZERO = ("updates.consensus", "updates.lookahead", "updates.unrolled_steps")


class RunPanel(Panel):
    """Training, update rule, measure, stop conditions, seed and device."""

    title = "Run"
    icon_name = "run"

    def __init__(self, experiment: Experiment, theme: Theme) -> None:
        super().__init__(experiment, theme)
        self.setLayout(
            stacked(
                self.form("training", off_at_zero=("training.ema_decay",)),
                heading("Update rule"),
                self.form("updates", off_at_zero=OFF_AT_ZERO),
                heading("Stop when"),
                self.form("stop", starts=STARTS),
                heading("Measure"),
                self.form("measure"),
                heading("Reproducibility"),
                self.form("seed", "device"),
            )
        )
        self.show_experiment(experiment)

    def summary(self) -> str:
        """``batch 256 · seed 0 · until 10,000``."""
        experiment = self._experiment
        parts = [f"batch {experiment.training.batch_size:,}", f"seed {experiment.seed}"]
        stop = experiment.stop
        if stop.iterations is not None:
            parts.append(f"until {stop.iterations:,}")
        if stop.seconds is not None:
            parts.append(f"{grouped(stop.seconds)} s")
        if stop.jsd_below is not None:
            parts.append(f"JSD < {grouped(stop.jsd_below)}")
        return " · ".join(parts)
