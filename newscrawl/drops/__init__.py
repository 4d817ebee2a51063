"""The drop: what a run hands to its readers, written whole or not at all."""
