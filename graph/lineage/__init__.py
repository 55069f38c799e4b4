"""Which task of the superior's paper a task is made from, what was changed in it, and what was left out."""
