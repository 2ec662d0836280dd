"""What is to be trained: frozen, validated records, free of Qt and torch."""

from ganstudio.experiment.experiment import Experiment

__all__ = ["Experiment"]
