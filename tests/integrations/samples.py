"""A prompt, and answers that keep to it or do not."""

from __future__ import annotations

from cnaps import ModelRef, PaperRef, PromptSpec, Question, render

PROMPT = PromptSpec(
    Question("How does the noise go?"),
    models=(ModelRef("SwinIR", "https://arxiv.org/abs/2108.10257", "https://github.com/a/swinir"),),
    papers=(PaperRef("Denoising\tdiffusion", "https://arxiv.org/abs/2006.11239"), PaperRef("More")),
)
TEXT = render(PROMPT)

GOOD = "SwinIR does it: https://arxiv.org/abs/2108.10257."
BAD = """\
SwinIR (https://arxiv.org/abs/2108.10257v2) does it,
after [Attention](https://arxiv.org/abs/1706.03762), see https://arxiv.org/abs/2006.11239."""

FAILURE = """\
not ok: 1 given, 1 altered, 1 outside
1:9: altered https://arxiv.org/abs/2108.10257v2: it is models[0].paper of the prompt, in another \
version or revision: https://arxiv.org/abs/2108.10257
  1 | SwinIR (https://arxiv.org/abs/2108.10257v2) does it,
    |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
2:19: outside https://arxiv.org/abs/1706.03762: nobody offers this link
  2 | after [Attention](https://arxiv.org/abs/1706.03762), see https://arxiv.org/abs/2006.11239.
    |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
the prompt offers:
  models[0] SwinIR: https://arxiv.org/abs/2108.10257, https://github.com/a/swinir
  papers[0] Denoising diffusion: https://arxiv.org/abs/2006.11239
  papers[1] More: no link"""

OTHER = PromptSpec(Question("Why?"), (ModelRef("Transformer", "https://arxiv.org/abs/1706.03762"),))
