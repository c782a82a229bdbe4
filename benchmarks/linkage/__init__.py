"""The linkage benchmark: invented cities with known truth, Jingwei and its rivals on the same files."""
