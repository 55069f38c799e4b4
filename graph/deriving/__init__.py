"""Records into nodes and relationships: identities, documents, the chain of command."""
