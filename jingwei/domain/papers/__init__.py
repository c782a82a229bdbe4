"""Papers: what stands on a bulletin, a table, a yearly form, as plain content made from figures and layouts.

Nothing here draws a page: content goes in and out as data, the layouts of tables and forms are files, and the text
of a bulletin is written from figures and from the rows that changed them.
"""
