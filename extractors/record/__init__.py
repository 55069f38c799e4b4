"""What the steps found, as a record: evidence, places, citations brought together, findings."""
