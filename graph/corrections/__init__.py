"""What people know better than the program, and how far a task has come: kept beside the records, and winning."""
