"""What a person takes away: the generator, samples, figures."""
