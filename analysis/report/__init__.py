"""What leaves Framescope: exports that can be published or computed with."""
