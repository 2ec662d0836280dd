"""The window: the only room that imports Qt; it holds no numbers of its own and loads no torch."""
