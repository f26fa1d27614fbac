"""Checks that every request passes before a page answers it: address, values, format, method."""
