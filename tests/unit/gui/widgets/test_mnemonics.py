"""What is heard of a label is its words, wherever a language puts the letter that a key reaches."""

import pytest

from mergedesk_gui.widgets.mnemonics import without_mnemonic


@pytest.mark.parametrize(
    ("label", "words"),
    [("&Merge", "Merge"), ("合并(&M)", "合并"), ("合并输出 (&O)…", "合并输出…"), ("a (b)", "a (b)"), ("结果", "结果")],
)
def test_words_alone(label: str, words: str) -> None:
    assert without_mnemonic(label) == words
