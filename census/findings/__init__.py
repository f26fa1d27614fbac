"""What the build derives from the series: verdicts on others' figures, milestones, changes."""
