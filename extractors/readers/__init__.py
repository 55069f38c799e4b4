"""Readers: one a file format; each turns bytes into the content of a paper, as the file has it."""
