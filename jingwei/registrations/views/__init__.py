"""Pages of the registrations, and the address for departments' systems."""
