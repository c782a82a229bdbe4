import re

from django.conf import settings

from jingwei.core.verbs import VERB_LABELS, verb_zh

WRITTEN = re.compile(r'(?:verb=|_record\(|\brecord\(\s*)"([a-z_]+\.[a-z_]+)"')


def written_verbs() -> set[str]:
    sources = settings.PACKAGE.rglob("*.py")
    return {verb for source in sources for verb in WRITTEN.findall(source.read_text(encoding="utf-8"))}


def test_every_verb_of_the_journal_has_its_chinese_word() -> None:
    assert "batch.commit" in written_verbs()
    assert written_verbs() - set(VERB_LABELS) == set()


def test_an_unknown_verb_is_shown_as_it_is() -> None:
    assert verb_zh("thing.happen") == "thing.happen"
