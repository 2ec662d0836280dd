"""Lessons: short guided tours of the running model, read from Markdown files that anybody can write."""
