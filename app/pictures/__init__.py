"""Pictures: pages of pyvis that need no network."""
