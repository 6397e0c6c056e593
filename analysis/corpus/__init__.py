"""From raw rows to pieces: clean text, sentences, embeddings, copies."""
