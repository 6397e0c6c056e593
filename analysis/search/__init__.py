"""Full-text search over the pieces and sentences of a build; the only place that imports tantivy."""
