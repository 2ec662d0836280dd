"""The Trainer: the one loop that serves commands, its engines, history, timeline and frames."""
