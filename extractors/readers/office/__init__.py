"""Office files: DOCX, workbooks, and what LibreOffice opens for us."""
