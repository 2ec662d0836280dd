"""``python -m ganstudio``: the same as the ``ganstudio`` command."""

# The guard matters: a process started by multiprocessing's spawn imports this module again, under another name. The
# import stands behind it so that the trainer's process does not load the command line.
if __name__ == "__main__":
    from ganstudio.cli import main

    raise SystemExit(main())
