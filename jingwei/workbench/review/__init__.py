"""The page on which people judge one pair after another."""
