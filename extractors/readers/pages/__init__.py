"""Pages of PDF, OFD and pictures: characters and lines into paragraphs and tables."""
