"""From observations to what is known of each model's downloads, day by day."""
