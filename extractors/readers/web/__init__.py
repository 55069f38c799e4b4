"""Web pages: their pieces, and what around the paper is furniture of the site."""
