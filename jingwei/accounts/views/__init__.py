"""Pages under /accounts/."""
