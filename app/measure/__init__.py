"""How right records are: compared with annotations, fact by fact."""
