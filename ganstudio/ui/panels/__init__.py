"""The control sections: recipe, data source, networks, objective, optimizers, run; forms made from the experiment."""
