"""A service's plain no."""


class Refused(Exception):
    """What was asked contradicts what is known. The text says so in Chinese; a form shows it."""
