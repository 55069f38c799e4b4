"""Rows as tables, files and workbooks. Nothing here knows what the rows mean."""
