"""Where the graph is kept and asked: embedded, Neo4j, networkx."""
