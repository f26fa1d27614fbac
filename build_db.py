"""Build the Open Model Census."""
