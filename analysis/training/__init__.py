"""Own codebooks and labels: training, cross-validation, evaluation, and a project's models."""
