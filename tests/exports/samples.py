"""Values that cite, and what a file of each format says of them."""

from __future__ import annotations

from hypothesis import strategies as st

from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow
from tests import strategies

PROMPT = PromptSpec(
    Question("Which model finds the pose of an object that turns?"),
    models=(
        ModelRef("Pose-Occ2Net-Base", "https://arxiv.org/pdf/2308.16160"),
        ModelRef("Pose_Tools", None, "https://github.com/Example/Pose_Tools"),
        ModelRef("Pose-Baseline"),
    ),
    papers=(
        PaperRef(
            "Occ$^2$Net: Robust Image Matching",
            "http://arxiv.org/pdf/2308.16160v2.pdf",
            "https://github.com/example/occ2net/tree/main/src",
            "Occlusion costs 90\\% of the matches.\nIt is 3 & 4.",
        ),
        PaperRef(
            "Shape & Pose",
            "https://openaccess.thecvf.com/content/CVPR2023/papers/Doe_Shape_CVPR_2023_paper.pdf",
        ),
        PaperRef("Poses of the Kākā", "https://doi.org/10.1000/kaka.7"),
        PaperRef("A page", "http://example.org/page?q=1;2"),
    ),
)
ANSWER = Answer(
    Question("How?"),
    "Pose estimation",
    Workflow("An image", "Occ2Net", "A pose"),
    (
        ModelRef("Pose-Occ2Net-Base", "arXiv:2308.16160v1"),
        ModelRef("Occ$^2$Net: Robust Image Matching", "https://arxiv.org/abs/2308.16160"),
    ),
)

# No file can hold lone surrogates; what happens to them is a law of its own.
TEXTS = strategies.texts().map(lambda text: text.encode(errors="replace").decode())
_LINKS = [
    "https://arxiv.org/abs/2101.00001v2",
    "arxiv.org/pdf/2101.00001",
    "https://arxiv.org/abs/cs/0112017",
    "https://github.com/Owner/Name.git",
    "https://github.com/owner/name/tree/main/a",
    "https://huggingface.co/datasets/owner/name",
    "https://doi.org/10.1000/{x}%22<y>_z",
    "https://example.org/ä_{b}?q=a;b&c#d",
    "https://proceedings.mlr.press/v139/radford21a.html",
]
LINKS = st.none() | st.sampled_from(_LINKS) | TEXTS
OF = strategies.Values(TEXTS, LINKS)
SOURCES = st.lists(st.one_of(OF.prompts, OF.answers, OF.models, OF.papers), max_size=4)
