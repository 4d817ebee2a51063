"""The item pipelines, one concern each, each a pure function underneath."""
