"""The .gans file: codec, bounds, migrations, autosave and recovery."""
