"""One experiment trained many times at once, over seeds or over the values of settings."""
