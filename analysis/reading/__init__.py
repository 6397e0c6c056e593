"""Questions to a build that go together, one file a subject."""
