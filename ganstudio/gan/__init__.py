"""The mathematics in torch: networks, objectives, penalties, optimizers, and the step. Pure functions throughout."""
