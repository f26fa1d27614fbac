"""Answers that are made once and kept: whole, in each content coding, and by ranges."""
