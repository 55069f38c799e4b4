"""Small faults of the code, and which tests notice them: what `benchmarks/mutants.py` is made of."""
