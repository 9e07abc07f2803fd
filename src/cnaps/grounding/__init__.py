"""Whether an answer kept to what its prompt offers.

`check` gives every citation of an answer a verdict, from the texts alone.

>>> from cnaps import ModelRef, PromptSpec, Question, check
>>> prompt = PromptSpec(Question("Rain?"), (ModelRef("MPRNet", "https://arxiv.org/abs/2102.02808"),))
>>> print(check(prompt, "MPRNet (https://arxiv.org/abs/2102.02808), see also arXiv:1706.03762"))
not ok: 1 given, 1 outside
"""

from __future__ import annotations

from cnaps.grounding._check import check
from cnaps.grounding._offers import Collection
from cnaps.grounding._report import GroundingReport
from cnaps.grounding._verdicts import Citation, Entry, Verdict

__all__ = ["Citation", "Collection", "Entry", "GroundingReport", "Verdict", "check"]
