"""Several recipes on one target, side by side."""
