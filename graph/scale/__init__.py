"""Papers of a country on a cluster: Ray hands out, groups and begins again; what papers give is told as elsewhere."""
