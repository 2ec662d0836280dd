"""A lesson and its steps, as read and checked: frozen records."""

from __future__ import annotations

from dataclasses import dataclass, field

from ganstudio.experiment import Experiment
from ganstudio.lessons.action import Action, after
from ganstudio.lessons.check import Check


@dataclass(frozen=True)
class Step:
    """One step.

    title, text: its heading, and its Markdown (no HTML, no pictures).
    formula: LaTeX-like source, as in the records; may state several equations, separated by ``,\\;``; or empty.
    loads: whether the step begins a new run of ``experiment``; else the run goes on from the step before.
    experiment: what the step begins with. Whoever jumps to the step begins a run of it.
    layers, plots: what to show, by name, panels of the theory among the plots; empty leaves them as they are.
    speed: iterations a second at most, so that the step can be watched; None is as fast as it goes.
    do: what the person should do, in words.
    actions: the same for the program.
    checks: all must be ticked for the step to be done; a step without any is done once it was seen.
    """

    title: str
    text: str
    experiment: Experiment = field(repr=False)
    loads: bool = False
    formula: str = ""
    layers: tuple[str, ...] = ()
    plots: tuple[str, ...] = ()
    speed: float | None = None
    do: str = ""
    actions: tuple[Action, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def experiment_after(self) -> Experiment:
        """The experiment once its actions were done."""
        return after(self.experiment, self.actions)

    @property
    def needs_samples(self) -> bool:
        """Whether a check reads the layer *Generated*."""
        return any(check.needs_samples for check in self.checks)


@dataclass(frozen=True)
class Lesson:
    """A lesson: ``name`` is its folder's, by which lessons are ordered and a person's progress is kept."""

    name: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    introduction: str = ""
