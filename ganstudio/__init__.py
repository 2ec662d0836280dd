"""GAN Studio: draw a distribution, train a GAN on it, and see the mathematics happen.

The rooms, from the top down (imports go downward only; see ``[tool.importlinter]`` in pyproject.toml): ``cli``, ``ui``,
``sweep``, ``export``, ``session``, ``training``, ``metrics``, ``gan``, ``targets``, ``messages``, ``experiment``.
"""

__version__ = "0.1.0"
