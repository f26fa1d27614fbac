"""What the build finds beside the series: verdicts on others' figures, milestones, changes."""
