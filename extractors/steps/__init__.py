"""The steps of reading a paper that is laid out: each finds one kind of thing, with its spans."""
