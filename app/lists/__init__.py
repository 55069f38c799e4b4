"""Lists for pages: the graph laid out in one SQLite file that pages by the million rows, made once for each build."""
