"""The model of the window: the experiment, its target, the run, and all that can be undone. Knows no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QUndoGroup, QUndoStack

from ganstudio.errors import UserError
from ganstudio.experiment import Experiment
from ganstudio.experiment.change import differences, needs_restart, with_value
from ganstudio.experiment.presets import preset
from ganstudio.experiment.recipes import Recipe, recipe, recipe_of
from ganstudio.experiment.targets import TargetSpec
from ganstudio.messages.commands import TrainDiscriminator, Update
from ganstudio.messages.events import Failed
from ganstudio.session.session import Session
from ganstudio.targets import build
from ganstudio.targets.sight import sight_of
from ganstudio.ui.edits import ExperimentEdit
from ganstudio.ui.kept_run import KeptRun
from ganstudio.ui.phases import PhaseWatch
from ganstudio.ui.standing import Standing
from ganstudio.ui.theory.walk import Walk
from ganstudio.ui.trainer_link import TrainerLink
from ganstudio.ui.training_run import TrainingRun

if TYPE_CHECKING:
    from ganstudio.targets import TargetDistribution

KEPT_RUNS = 8
"""So many runs that had to give way are kept for undo; settings and strokes are kept without limit."""
MAX_SEED = 2**31


@dataclass(frozen=True, eq=False)
class Aside:
    """All that a person had, put aside to be taken back as it was: the experiment, its run, and what can be undone."""

    experiment: Experiment
    run: KeptRun
    undo_stack: QUndoStack


class Studio(QObject):
    """Everything a person can do to the experiment and its run.

    A live change is applied to the running GAN; a structural one initialises it again and can be undone, training
    included. An experiment whose target cannot be sampled (an empty painting) is kept, and waits.
    """

    experiment_changed = QtSignal(object, object)  # old, new: Experiment
    target_changed = QtSignal(object, object)  # the built target or None, its TargetSpec
    value_refused = QtSignal(str, str)  # path, why
    reinitialised = QtSignal(str, bool)  # which settings did it, whether training was put aside
    message = QtSignal(str, str)  # level (info, warning, error), text

    def __init__(
        self, experiment: Experiment, make_trainer: Callable[[], TrainerLink], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.run = TrainingRun(make_trainer, self)
        self.run.message.connect(self.message)
        self.standing = Standing(self.run, self)
        self.phases = PhaseWatch(self.run, self.standing, self)
        self.walk = Walk(self.run, self)
        self.experiment_changed.connect(self.phases.show_experiment)
        self.run.failed.connect(self._on_failed)
        self.undo_group = QUndoGroup(self)
        """Of the stacks of this session and of one put aside, what undo and redo are about now."""
        self.undo_stack = self._activated(QUndoStack(self.undo_group))
        self._experiment = experiment
        self.target: TargetDistribution | None = None
        self.target_fault = ""
        self._previewing = False

    @property
    def experiment(self) -> Experiment:
        """The single truth about what is trained."""
        return self._experiment

    def open(self) -> None:
        """Tell every view what there is, and start the trainer."""
        self._build_target()
        self.experiment_changed.emit(self._experiment, self._experiment)
        self._synchronise(None)

    def close(self) -> None:
        """End the trainer; at most two seconds."""
        self.run.close()

    # -- the experiment ------------------------------------------------------------------------------------------

    def set_value(self, path: str, value: object) -> None:
        """Set one field; a value that is not accepted is refused by ``value_refused``."""
        try:
            changed = with_value(self._experiment, path, value)
        except UserError as error:
            self.value_refused.emit(path, error.message)
        else:
            self.change(changed, path)

    def set_target(self, spec: TargetSpec) -> None:
        """Train on this target from now on, as one step that can be undone."""
        self.change(self._with_target(spec), "target")

    def paint(self, spec: TargetSpec) -> None:
        """Take over a painting after a finished stroke: one stroke, one undo."""
        changed = self._with_target(spec)
        if changed != self._experiment:
            self._previewing = False
            self._push(ExperimentEdit(self, "stroke", "painting", self._experiment, changed, merges=False))

    def end_preview(self) -> None:
        """A stroke was given up: the running GAN goes back to the target it had."""
        if self._previewing:
            self._previewing = False
            self.run.preview(self._experiment)

    def preview_painting(self, spec: TargetSpec) -> None:
        """Let the running GAN see a stroke while it is drawn, where it can take it over."""
        running = self.run.experiment
        if running is None or self.target is None:
            return
        changed = running.model_copy(update={"target": spec})
        if not needs_restart(running, changed):
            self._previewing = True
            self.run.preview(changed)

    def load_preset(self, name: str) -> None:
        """Change every setting to the preset's, and begin anew, even where a running GAN could take it over."""
        chosen = preset(name)
        self.take_over(chosen.experiment, f"preset “{chosen.title}”")

    def take_over(self, experiment: Experiment, title: str) -> bool:
        """Train this from now on, from the beginning, as one step that can be undone; False where it is so already."""
        if experiment == self._experiment:
            return False
        self._push(ExperimentEdit(self, title, "experiment", self._experiment, experiment, again=True))
        return True

    def load_recipe(self, name: str) -> None:
        """Train by this recipe from now on, as one step that can be undone; the target stays."""
        chosen = recipe(name)
        changed = chosen.apply(self._experiment, sight_of(self._experiment))
        if changed != self._experiment:
            title = f"recipe “{chosen.title}”"
            self._push(ExperimentEdit(self, title, "recipe", self._experiment, changed, merges=False))

    def change(self, experiment: Experiment, path: str) -> None:
        """Make this the experiment, as one step that can be undone; steps on the same path in a row become one."""
        if type(experiment.target).dimension != type(self._experiment.target).dimension:
            followed = self._followed()  # which may say something else of the line
            experiment = followed.apply(experiment, sight_of(experiment)) if followed else experiment
        if experiment != self._experiment:
            title = f"change of {path.replace('_', ' ').replace('.', ' ▸ ')}"
            # Another shape is another task, even where a running GAN could take it over: only strokes are painted
            # under it.
            again = type(experiment.target) is not type(self._experiment.target)
            self._push(ExperimentEdit(self, title, path, self._experiment, experiment, again=again))

    def adopt(
        self, experiment: Experiment, *, resume: Session | None = None, again: bool = False, quietly: bool = False
    ) -> Session | None:
        """Make this the experiment, without an entry to undo it.

        Args:
            experiment: what is trained from now on.
            resume: a run of it to go on with, should it have to be initialised.
            again: initialise even when nothing structural differs.
            quietly: a person knows that another run begins, and need not be told.

        Returns:
            The run that had to give way, if one had.
        """
        old, self._experiment = self._experiment, experiment
        if old.target is not experiment.target and old.target != experiment.target:
            self._build_target()
        self.experiment_changed.emit(old, experiment)
        return self._synchronise(resume, again=again, quietly=quietly)

    def set_session(self, session: Session) -> None:
        """Go on with what a file holds; nothing before it can be undone any more."""
        self.run.pause()
        self.undo_stack.clear()
        self.adopt(session.experiment, resume=session, again=True, quietly=True)

    def put_aside(self, then: Callable[[Aside], None]) -> None:
        """Keep everything for ``take_back``, and call ``then`` with it: whatever it begins has an undo of its own."""

        def keep(run: KeptRun) -> None:
            aside = Aside(self._experiment, run, self.undo_stack)
            self.undo_stack = self._activated(QUndoStack(self.undo_group))
            then(aside)

        self.run.keep(keep)

    def take_back(self, aside: Aside) -> None:
        """Have again what was put aside, as it was; what there was instead is gone."""
        gone, self.undo_stack = self.undo_stack, self._activated(aside.undo_stack)
        gone.deleteLater()
        old, self._experiment = self._experiment, aside.experiment
        self._build_target()
        self.experiment_changed.emit(old, aside.experiment)
        self.run.take_up(aside.run)

    # -- the run -------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Train until told otherwise."""
        if self._can_train():
            self.run.play()

    def toggle(self) -> None:
        """Play, or pause."""
        if self.run.is_training:
            self.run.pause()
        else:
            self.play()

    def step(self, player: Literal["discriminator", "generator"]) -> None:
        """One update of one player."""
        if self._can_train():
            self.run.update(Update(player))

    def train_discriminator(self, most: int | None = None) -> None:
        """Train D to optimality against G as it stands, or for ``most`` updates."""
        if self._can_train():
            self.run.train_discriminator(TrainDiscriminator() if most is None else TrainDiscriminator(most))

    def walk_on(self) -> None:
        """The next line of an iteration that is walked through; where there is none, an iteration to walk through."""
        if self._can_train():
            self.walk.forward()

    def step_iterations(self, count: int) -> None:
        """So many iterations, then pause."""
        if self._can_train():
            self.run.play(count)

    def restart(self) -> None:
        """From the same initialisation again."""
        self._push(ExperimentEdit(self, "restart", "restart", self._experiment, self._experiment, again=True))

    def new_seed(self) -> None:
        """Another initialisation, other samples: the next seed, so that a series can be repeated."""
        self.set_value("seed", (self._experiment.seed + 1) % MAX_SEED)

    # -- inside --------------------------------------------------------------------------------------------------

    def _with_target(self, spec: TargetSpec) -> Experiment:
        # The spec is validated already; a painting of thousands of points would be validated at every stroke.
        return self._experiment.model_copy(update={"target": spec})

    def _followed(self) -> Recipe | None:
        """The recipe that is followed: as it is for this target, or as it is for any, which a person may have kept."""
        return recipe_of(self._experiment, sight_of(self._experiment)) or recipe_of(self._experiment)

    def _build_target(self) -> None:
        try:
            self.target, self.target_fault = build(self._experiment.target), ""
        except UserError as error:
            self.target, self.target_fault = None, error.message
        self.target_changed.emit(self.target, self._experiment.target)

    def _synchronise(self, resume: Session | None, *, again: bool = False, quietly: bool = False) -> Session | None:
        """Bring the trainer to the experiment; what it had before is returned if it was initialised again."""
        running = self.run.experiment
        if self.target is None:
            self.run.pause()
            if running is None or not (again or needs_restart(running, self._experiment)):
                return None
            kept = self.run.kept()
            self.run.put_aside()
            return kept
        if running is not None and not again and not needs_restart(running, self._experiment):
            if running != self._experiment:
                self.run.apply(self._experiment)
            return None
        kept = self.run.kept()
        self.run.begin(self._experiment, resume=resume)
        if running is not None and not quietly and (resume is None or kept is not None):
            self.reinitialised.emit(_structural(running, self._experiment), kept is not None)
        return kept

    def _activated(self, stack: QUndoStack) -> QUndoStack:
        self.undo_group.setActiveStack(stack)
        return stack

    def _push(self, edit: ExperimentEdit) -> None:
        self.undo_stack.push(edit)
        commands = [self.undo_stack.command(at) for at in range(self.undo_stack.count())]
        keeping = [command for command in commands if isinstance(command, ExperimentEdit) and command.keeps_run]
        for old in keeping[:-KEPT_RUNS]:
            old.forget_run()

    def _can_train(self) -> bool:
        if self.target is None:
            self.message.emit("info", f"There is nothing to train on yet: {self.target_fault}.")
        return self.target is not None

    def _on_failed(self, event: Failed) -> None:
        text = f"Training stopped on an error: {event.message}. The log has the details."
        self.message.emit("error", event.message if event.user else text)


def _structural(old: Experiment, new: Experiment) -> str:
    """The names of the settings for which a run began anew."""
    paths = [change.path.replace("_", " ").replace(".", " ▸ ") for change in differences(old, new) if not change.live]
    return ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
