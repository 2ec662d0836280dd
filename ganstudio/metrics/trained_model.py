"""A trained pair of networks for the estimators that look into it. Imports torch, unlike the rest of this room."""

from __future__ import annotations

from ganstudio.gan.state import State
from ganstudio.gan.trained import TrainedGenerator
from ganstudio.gan.trained_discriminator import TrainedDiscriminator
from ganstudio.metrics.model import Model


def trained_model(generator: TrainedGenerator, state: State) -> Model:
    """The generator as it is measured, with the discriminator of the same state.

    The discriminator's logits are given where it is trained to be a probability (non-saturating, minimax), of single
    samples. It may have
    been trained against other weights of G than are measured: its bound holds for these all the same.
    """
    game = generator.game
    discriminator = TrainedDiscriminator.of(game, state, generator.normaliser)
    return Model(
        generate=generator,
        latent=game.experiment.latent,
        seed=game.experiment.seed,
        logits=discriminator if game.objective.is_classifier and game.judges_alone else None,
    )
