"""Files as bytes: what kind they are, what lies in archives, how text is encoded."""
