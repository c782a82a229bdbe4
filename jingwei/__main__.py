"""``python -m jingwei``: the commands behind ``./jw``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.config.settings")

from jingwei.cli.app import main

main()
