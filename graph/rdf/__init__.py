"""The graph as RDF: out, back, asked, tested."""
