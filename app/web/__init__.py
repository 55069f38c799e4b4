"""The workbench: pages on a workspace for people and programs. It shows; what is asked and computed is asked and
computed by the same functions as on the command line."""
