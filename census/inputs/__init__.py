"""What people edit in data/, read and checked: labs, origins, families, scopes, models."""
