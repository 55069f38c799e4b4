"""What people mean by the names, days and words that they give a question: the same knowledge that reads papers."""
