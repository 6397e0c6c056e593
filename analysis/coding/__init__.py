"""What people said: samples with known probabilities, blind codings, agreement."""
