"""Many runs of one protocol: recipes × targets × seeds, each in a process of its own, resumable, as one table."""
