"""What a text has something of if a rule of `mail.doubt` finds anything in it.

Most texts have nothing of it, which is seen at once. Made of the words of the rules themselves.
"""

import re
from collections.abc import Set

from mail.doubt_words import DoubtWords, hints
from mail.little_words import LittleWords


class DoubtHints:
    def __init__(self, doubts: DoubtWords, little: LittleWords, deciding: Set[str]) -> None:
        """`deciding`: the words that are a decision alone."""
        amounts, sending = little.amounts, little.sending
        words = {*deciding, *amounts.sum_words, *amounts.limit_words, *sending.words}
        sums = ((word,) for word in amounts.sum_words)
        self.words = hints([*doubts.rows, *sending.pairs, *((word,) for word in words)])
        self.words_aside = hints([*doubts.rows_aside, *sums])
        """Where a line is probably not the writer's own."""
        sign = amounts.sign.pattern
        self.signs = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f?@\x7f-\U0010ffff]|{sign}")
        """What is no word, and all that is not ASCII."""
        self.signs_aside = re.compile(rf"[\x7f-\U0010ffff]|{sign}")
