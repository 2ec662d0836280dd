"""What crosses between the window and the trainer: frozen records of plain values and NumPy arrays."""
