"""The control sections: data source, networks, objective, optimizers, run; forms derived from the experiment."""
