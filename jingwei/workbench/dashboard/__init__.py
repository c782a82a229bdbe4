"""The first page and its large-type twin: what the city looks like now or looked like in a month."""
