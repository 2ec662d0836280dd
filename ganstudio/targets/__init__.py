"""p_data in NumPy: mixtures, shapes, paintings and files, each with its extent and, where known, its density."""

from ganstudio.targets.distribution import TargetDistribution
from ganstudio.targets.registry import build

__all__ = ["TargetDistribution", "build"]
