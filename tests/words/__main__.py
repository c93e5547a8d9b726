"""Brings the files of translations up to date, and says what has none yet: make words."""

from tests.words import OTHERS, bring_up_to_date, file_of

for language in OTHERS:
    untranslated = bring_up_to_date(language)
    print(f"{file_of(language).name}: {len(untranslated)} texts without a translation")
    for message in untranslated:
        print(f"    {message.id!r}")
