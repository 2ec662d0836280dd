"""Lessons in the window: their list, the step that is shown, and the run that is watched for its checks."""
