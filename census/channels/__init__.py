"""Where models are fetched or used beside the Hub: other channels, never added up with it."""
