"""What words look like: forms of characters, numbers, headings, units, places, persons. Knows no paper."""
