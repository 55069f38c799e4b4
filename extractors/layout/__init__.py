"""What a reader gave, laid out as a paper: paragraphs joined, tables found."""
