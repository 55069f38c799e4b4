"""The life of a workspace: what lies where, what is read anew, what is joined."""
