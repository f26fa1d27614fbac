"""What every request passes before a page answers it: its address, values, format and method."""
