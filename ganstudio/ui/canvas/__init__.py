"""The stage: mouse to plain events in data coordinates to paint commands; layers that can be switched."""
