"""What every request passes before a page answers it: its address, its method, its checks."""
