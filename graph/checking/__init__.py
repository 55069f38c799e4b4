"""What is wrong or doubtful in the records and the graph."""
