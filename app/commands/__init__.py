"""The commands, by what they are for: each gives its exit status."""
