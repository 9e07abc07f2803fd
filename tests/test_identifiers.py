"""What links lead to, and how two of them differ."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, get_args

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cnaps.identifiers import (
    AclPaper,
    ArxivPaper,
    CvfPaper,
    Difference,
    Doi,
    EcvaPaper,
    GitHubGist,
    GitHubRepo,
    GitLabRepo,
    HuggingFaceRepo,
    Identifier,
    NeurIPSPaper,
    OpenReviewPaper,
    PmlrPaper,
    WebPage,
    compare,
    identify,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

HASH = "3f5ee243547dee91fbd053c1c4a845aa"
GIST = "d4dee566867f8291f086"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SWINIR = "Liang_SwinIR_Image_Restoration_Using_Swin_Transformer_ICCVW_2021"
DEBLUR = "Cho_Rethinking_Coarse-To-Fine_Approach_in_Single_Image_Deblurring_ICCV_2021"

# Each group: what it is, its canonical URL, its work, and links to it. In a group all are equal.
GROUPS: list[tuple[Identifier, str, str, list[str]]] = [
    (
        ArxivPaper("2111.09881"),
        "https://arxiv.org/abs/2111.09881",
        "arxiv:2111.09881",
        [
            "http://arxiv.org/abs/2111.09881",
            "https://arxiv.org/pdf/2111.09881",
            "http://arxiv.org/pdf/2111.09881.pdf",
            "https://arxiv.org/html/2111.09881",
            "https://arxiv.org/format/2111.09881",
            "https://arxiv.org/ps/2111.09881",
            "https://arxiv.org/e-print/2111.09881",
            "https://arxiv.org/src/2111.09881",
            "https://arxiv.org/abs/arXiv:2111.09881",
            "https://arxiv.org/abs/2111.09881/",
            "https://arxiv.org//abs//2111.09881",
            "https://arxiv.org/list/../abs/./2111.09881",
            "https://arxiv.org/abs/2111%2E09881",
            "https://arxiv.org/abs/2111.09881?context=cs",
            "https://arxiv.org/pdf/2111.09881#page=3",
            "HTTPS://ARXIV.ORG/ABS/2111.09881",
            "https://arxiv.org:443/abs/2111.09881",
            "http://arxiv.org:80/abs/2111.09881",
            "https://arxiv.org./abs/2111.09881",
            "https://reader:secret@arxiv.org/abs/2111.09881",
            "https://www.arxiv.org/abs/2111.09881",
            "https://export.arxiv.org/abs/2111.09881",
            "https://browse.arxiv.org/pdf/2111.09881",
            "http://xxx.lanl.gov/abs/2111.09881",
            "https://ar5iv.labs.arxiv.org/html/2111.09881",
            "https://ar5iv.org/abs/2111.09881",
            "//arxiv.org/abs/2111.09881",
            "arxiv.org/abs/2111.09881",
            "www.arxiv.org/pdf/2111.09881.pdf",
            "https://arxiv.org\\abs\\2111.09881",
            " \t\r\nhttps://arxiv.org/abs/2111.09881\n",
            "arXiv:2111.09881",
            "arXiv 2111.09881",
            "arxiv: 2111.09881",
            "ARXIV:2111.09881 [cs.CV]",
            "10.48550/arXiv.2111.09881",
            "doi:10.48550/ARXIV.2111.09881",
            "https://doi.org/10.48550/arXiv.2111.09881",
            "https://huggingface.co/papers/2111.09881",
            "hf.co/papers/2111.09881",
        ],
    ),
    (
        ArxivPaper("2111.09881", 2),
        "https://arxiv.org/abs/2111.09881v2",
        "arxiv:2111.09881",
        [
            "http://arxiv.org/pdf/2111.09881v2.pdf",
            "https://arxiv.org/abs/2111.09881V2",
            "arXiv:2111.09881v2",
            "https://doi.org/10.48550/arXiv.2111.09881v2",
        ],
    ),
    (
        ArxivPaper("0704.0001", 12),
        "https://arxiv.org/abs/0704.0001v12",
        "arxiv:0704.0001",
        ["https://arxiv.org/pdf/0704.0001v12"],
    ),
    (
        ArxivPaper("1412.6980"),
        "https://arxiv.org/abs/1412.6980",
        "arxiv:1412.6980",
        ["https://arxiv.org/pdf/1412.6980.pdf"],
    ),
    (
        ArxivPaper("math/0309136", 1),
        "https://arxiv.org/abs/math/0309136v1",
        "arxiv:math/0309136",
        [
            "https://arxiv.org/abs/math/0309136v1",
            "https://arxiv.org/pdf/math.GT/0309136v1.pdf",
            "https://arxiv.org/abs/math%2F0309136v1",
            "arXiv:math.GT/0309136v1",
            "10.48550/arXiv.math/0309136v1",
        ],
    ),
    (
        ArxivPaper("hep-th/9108001"),
        "https://arxiv.org/abs/hep-th/9108001",
        "arxiv:hep-th/9108001",
        ["http://arxiv.org/PS/HEP-TH/9108001", "arXiv:hep-th/9108001"],
    ),
    (
        GitHubRepo("JingyunLiang", "SwinIR"),
        "https://github.com/JingyunLiang/SwinIR",
        "github:jingyunliang/swinir",
        [
            "http://github.com/JingyunLiang/SwinIR",
            "https://github.com/JingyunLiang/SwinIR/",
            "https://github.com/JingyunLiang/SwinIR.git",
            "https://www.github.com/JingyunLiang/SwinIR",
            "https://github.com/JingyunLiang/SwinIR?tab=readme-ov-file",
            "https://github.com/JingyunLiang/SwinIR?tab=readme-ov-file#training",
            "https://github.com//JingyunLiang//SwinIR",
            "https://github.com/JingyunLiang/Swin%49R",
            "git@github.com:JingyunLiang/SwinIR.git",
            "git@github.com:JingyunLiang/SwinIR",
            "ssh://git@github.com/JingyunLiang/SwinIR.git",
            "ssh://git@ssh.github.com:443/JingyunLiang/SwinIR.git",
            "git://github.com/JingyunLiang/SwinIR.git",
            "git+https://github.com/JingyunLiang/SwinIR.git",
            "git+ssh://git@github.com/JingyunLiang/SwinIR.git",
            "github.com/JingyunLiang/SwinIR",
        ],
    ),
    (
        GitHubRepo("FlagOpen", "FlagEmbedding", "master", view="tree"),
        "https://github.com/FlagOpen/FlagEmbedding/tree/master",
        "github:flagopen/flagembedding",
        [
            "https://github.com/FlagOpen/FlagEmbedding/tree/master?tab=readme-ov-file",
            "https://github.com/FlagOpen/FlagEmbedding/tree/refs/heads/master/",
            "https://github.com/FlagOpen/FlagEmbedding/tree/refs/tags/master",
            "git+https://github.com/FlagOpen/FlagEmbedding.git@master#egg=FlagEmbedding",
            "git+https://github.com/FlagOpen/FlagEmbedding@master",
        ],
    ),
    (
        GitHubRepo("JingyunLiang", "SwinIR", "main", "models/network_swinir.py", "blob"),
        "https://github.com/JingyunLiang/SwinIR/blob/main/models/network_swinir.py",
        "github:jingyunliang/swinir",
        [
            "https://github.com/JingyunLiang/SwinIR/raw/main/models/network_swinir.py",
            "https://github.com/JingyunLiang/SwinIR/blob/main/models/network_swinir.py#L7-L9",
            "https://raw.githubusercontent.com/JingyunLiang/SwinIR/main/models/network_swinir.py",
            "https://raw.githubusercontent.com/JingyunLiang/SwinIR/refs/heads/main/models/network_swinir.py",
        ],
    ),
    (
        GitHubRepo("JingyunLiang", "SwinIR", "v0.0", "x%20y.pth", "releases/download"),
        "https://github.com/JingyunLiang/SwinIR/releases/download/v0.0/x%20y.pth",
        "github:jingyunliang/swinir",
        ["https://github.com/JingyunLiang/SwinIR/releases/download/v0.0/x y.pth"],
    ),
    (
        GitHubRepo("JingyunLiang", "SwinIR", path="5", view="issues"),
        "https://github.com/JingyunLiang/SwinIR/issues/5",
        "github:jingyunliang/swinir",
        ["https://github.com/JingyunLiang/SwinIR/issues/5#issuecomment-1"],
    ),
    (
        GitHubRepo("JingyunLiang", "SwinIR", view="releases"),
        "https://github.com/JingyunLiang/SwinIR/releases",
        "github:jingyunliang/swinir",
        ["https://github.com/JingyunLiang/SwinIR/releases/"],
    ),
    (
        GitHubRepo("JingyunLiang", "SwinIR", view="tree"),  # cut off in front of the revision
        "https://github.com/JingyunLiang/SwinIR/tree",
        "github:jingyunliang/swinir",
        ["https://github.com/JingyunLiang/SwinIR/tree/"],
    ),
    (
        GitHubGist(GIST, "karpathy"),
        f"https://gist.github.com/karpathy/{GIST}",
        f"gist:{GIST}",
        [
            f"https://gist.github.com/karpathy/{GIST}#file-min-char-rnn-py",
            f"https://gist.github.com/karpathy/{GIST}.js",
            f"https://gist.github.com/karpathy/{GIST}/revisions",
            f"https://gist.githubusercontent.com/karpathy/{GIST}/raw/min-char-rnn.py",
        ],
    ),
    (
        GitHubGist(GIST, "karpathy", COMMIT),
        f"https://gist.github.com/karpathy/{GIST}/{COMMIT}",
        f"gist:{GIST}",
        [f"https://gist.githubusercontent.com/karpathy/{GIST}/raw/{COMMIT}/min-char-rnn.py"],
    ),
    (
        GitHubGist(GIST),
        f"https://gist.github.com/{GIST}",
        f"gist:{GIST}",
        [f"gist.github.com/{GIST}", f"git@gist.github.com:{GIST}.git"],
    ),
    (
        GitHubGist("3342247", "piscisaureus"),
        "https://gist.github.com/piscisaureus/3342247",
        "gist:3342247",
        ["https://gist.github.com/piscisaureus/3342247/"],
    ),
    (
        GitLabRepo("nitin.nilesh", "badminton-analysis-star"),
        "https://gitlab.com/nitin.nilesh/badminton-analysis-star",
        "gitlab:gitlab.com/nitin.nilesh/badminton-analysis-star",
        [
            "http://www.gitlab.com/nitin.nilesh/badminton-analysis-star.git",
            "git@gitlab.com:nitin.nilesh/badminton-analysis-star.git",
            "gitlab.com/nitin.nilesh/badminton-analysis-star/-/",
        ],
    ),
    (
        GitLabRepo("Group/sub", "Project", "gitlab.com", "main", "src/x.py", "blob"),
        "https://gitlab.com/Group/sub/Project/-/blob/main/src/x.py",
        "gitlab:gitlab.com/group/sub/project",
        [
            "https://gitlab.com/Group/sub/Project/-/raw/main/src/x.py?inline=false",
            "https://gitlab.com/Group/sub/Project/blob/main/src/x.py",  # before 2019
        ],
    ),
    (
        GitLabRepo("gitlab-org", "gitlab", path="12", view="issues"),
        "https://gitlab.com/gitlab-org/gitlab/-/issues/12",
        "gitlab:gitlab.com/gitlab-org/gitlab",
        ["https://gitlab.com/gitlab-org/gitlab/issues/12"],
    ),
    (
        GitLabRepo("vision", "derain", "gitlab.example.org"),
        "https://gitlab.example.org/vision/derain",
        "gitlab:gitlab.example.org/vision/derain",
        [
            "gitlab.example.org/vision/derain",
            "ssh://git@gitlab.example.org:2222/vision/derain.git",
        ],
    ),
    (
        GitLabRepo("vision", "derain", "gitlab.example.org:8443"),
        "https://gitlab.example.org:8443/vision/derain",
        "gitlab:gitlab.example.org:8443/vision/derain",
        ["https://gitlab.example.org:8443/vision/derain/"],
    ),
    (
        GitLabRepo("vision", "derain", "git.example.org", "main", view="tree"),
        "https://git.example.org/vision/derain/-/tree/main",
        "gitlab:git.example.org/vision/derain",
        ["http://git.example.org/vision/derain/-/tree/main?ref_type=heads"],
    ),
    (
        HuggingFaceRepo("microsoft", "resnet-50"),
        "https://huggingface.co/microsoft/resnet-50",
        "huggingface:microsoft/resnet-50",
        [
            "http://www.huggingface.co/microsoft/resnet-50/",
            "hf.co/microsoft/resnet-50",
            "https://huggingface.co/microsoft/resnet-50?library=transformers",
            "https://huggingface.co/microsoft/resnet-50.git",
            "git@hf.co:microsoft/resnet-50",
        ],
    ),
    (
        HuggingFaceRepo("microsoft", "resnet-50", "model", "main", "config.json", "blob"),
        "https://huggingface.co/microsoft/resnet-50/blob/main/config.json",
        "huggingface:microsoft/resnet-50",
        [
            "https://huggingface.co/microsoft/resnet-50/resolve/main/config.json?download=true",
            "https://huggingface.co/microsoft/resnet-50/raw/main/config.json",
        ],
    ),
    (
        HuggingFaceRepo("microsoft", "resnet-50", "model", "refs%2Fpr%2F3", view="tree"),
        "https://huggingface.co/microsoft/resnet-50/tree/refs%2Fpr%2F3",
        "huggingface:microsoft/resnet-50",
        ["https://huggingface.co/microsoft/resnet-50/tree/refs%2fpr%2f3"],
    ),
    (
        HuggingFaceRepo(None, "gpt2"),
        "https://huggingface.co/gpt2",
        "huggingface:gpt2",
        ["https://huggingface.co/gpt2", "hf.co/gpt2/"],
    ),
    (
        HuggingFaceRepo(None, "bert-base-uncased", "model", "main", view="tree"),
        "https://huggingface.co/bert-base-uncased/tree/main",
        "huggingface:bert-base-uncased",
        ["https://huggingface.co/bert-base-uncased/tree/main/"],
    ),
    (
        HuggingFaceRepo("rajpurkar", "squad", "dataset", path="plain_text/train", view="viewer"),
        "https://huggingface.co/datasets/rajpurkar/squad/viewer/plain_text/train",
        "huggingface:datasets/rajpurkar/squad",
        ["https://huggingface.co/datasets/rajpurkar/squad/viewer/plain_text/train?p=1"],
    ),
    (
        HuggingFaceRepo(None, "squad", "dataset"),
        "https://huggingface.co/datasets/squad",
        "huggingface:datasets/squad",
        ["https://huggingface.co/datasets/squad"],
    ),
    (
        HuggingFaceRepo(None, "squad", "dataset", path="default", view="viewer"),
        "https://huggingface.co/datasets/squad/viewer/default",
        "huggingface:datasets/squad",
        ["https://huggingface.co/datasets/squad/viewer/default"],
    ),
    (
        HuggingFaceRepo("akhaliq", "SwinIR", "space"),
        "https://huggingface.co/spaces/akhaliq/SwinIR",
        "huggingface:spaces/akhaliq/swinir",
        ["https://huggingface.co/spaces/akhaliq/SwinIR"],
    ),
    (
        Doi("10.1109/CVPR.2016.90"),
        "https://doi.org/10.1109/CVPR.2016.90",
        "doi:10.1109/cvpr.2016.90",
        [
            "http://dx.doi.org/10.1109/CVPR.2016.90",
            "https://www.doi.org/10.1109/CVPR.2016.90/",
            "https://doi.org/doi:10.1109/CVPR.2016.90",
            "https://doi.org/10.1109%2FCVPR.2016.90",
            "doi.org/10.1109/CVPR.2016.90",
            "doi:10.1109/CVPR.2016.90",
            "DOI: 10.1109/CVPR.2016.90",
            "info:doi/10.1109/CVPR.2016.90",
            "10.1109/CVPR.2016.90",
        ],
    ),
    (
        Doi("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"),
        "https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15%3C1661::AID-SIM968%3E3.0.CO;2-2",
        "doi:10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
        ["doi:10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2"],
    ),
    (
        Doi("10.1000/a#b?c%d"),
        "https://doi.org/10.1000/a%23b%3Fc%25d",
        "doi:10.1000/a#b?c%d",
        ["10.1000/a#b?c%d"],
    ),
    (
        OpenReviewPaper("YicbFdNTTy"),
        "https://openreview.net/forum?id=YicbFdNTTy",
        "openreview:YicbFdNTTy",
        [
            "https://openreview.net/pdf?id=YicbFdNTTy",
            "http://www.openreview.net/forum?id=YicbFdNTTy&noteId=abc#discussion",
            "https://openreview.net/forum/?referrer=%5Bhome%5D(/)&id=YicbFdNTTy",
            "https://openreview.net/attachment?id=YicbFdNTTy&name=supplementary_material",
            "openreview.net/revisions?id=YicbFdNTTy",
        ],
    ),
    (
        CvfPaper(DEBLUR, "ICCV", 2021, "content/ICCV2021"),
        f"https://openaccess.thecvf.com/content/ICCV2021/html/{DEBLUR}_paper.html",
        f"cvf:{DEBLUR}".lower(),
        [
            f"http://openaccess.thecvf.com/content/ICCV2021/papers/{DEBLUR}_paper.pdf",
            f"https://openaccess.thecvf.com/content/ICCV2021/supplemental/{DEBLUR}_supplemental.pdf",
        ],
    ),
    (
        CvfPaper(SWINIR, "ICCVW", 2021, "content/ICCV2021W", "AIM"),
        f"https://openaccess.thecvf.com/content/ICCV2021W/AIM/html/{SWINIR}_paper.html",
        f"cvf:{SWINIR}".lower(),
        [f"https://openaccess.thecvf.com/content/ICCV2021W/AIM/papers/{SWINIR}_paper.pdf"],
    ),
    (
        CvfPaper("He_Deep_Residual_Learning_CVPR_2016", "CVPR", 2016, "content_cvpr_2016"),
        "https://openaccess.thecvf.com/content_cvpr_2016/html/He_Deep_Residual_Learning_CVPR_2016_paper.html",
        "cvf:he_deep_residual_learning_cvpr_2016",
        [
            "http://openaccess.thecvf.com/content_cvpr_2016/papers/He_Deep_Residual_Learning_CVPR_2016_paper.pdf",
            "https://www.cv-foundation.org/openaccess/content_cvpr_2016/html/He_Deep_Residual_Learning_CVPR_2016_paper.html",
        ],
    ),
    (
        CvfPaper("Li_Rain_CVPR_2018", "CVPRW", 2018, "content_cvpr_2018_workshops", "w13"),
        "https://openaccess.thecvf.com/content_cvpr_2018_workshops/w13/html/Li_Rain_CVPR_2018_paper.html",
        "cvf:li_rain_cvpr_2018",
        [
            "https://openaccess.thecvf.com/content_cvpr_2018_workshops/papers/w13/Li_Rain_CVPR_2018_paper.pdf",
        ],
    ),
    (
        CvfPaper("Li_Rain_CVPRW_2020", "CVPRW", 2020, "content_CVPRW_2020", "w31"),
        "https://openaccess.thecvf.com/content_CVPRW_2020/html/w31/Li_Rain_CVPRW_2020_paper.html",
        "cvf:li_rain_cvprw_2020",
        ["openaccess.thecvf.com/content_CVPRW_2020/papers/w31/Li_Rain_CVPRW_2020_paper.pdf"],
    ),
    (
        EcvaPaper(2020, "papers/123460001.pdf"),
        "https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123460001.pdf",
        "ecva:2020/123460001",
        [
            "https://ecva.net/papers/eccv_2020/papers_ECCV/papers/123460001.pdf",
            "https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123460001-supp.pdf",
        ],
    ),
    (
        EcvaPaper(2024, "html/4_ECCV_2024_paper.php"),
        "https://www.ecva.net/papers/eccv_2024/papers_ECCV/html/4_ECCV_2024_paper.php",
        "ecva:2024/4",
        ["http://www.ecva.net/papers/eccv_2024/papers_ECCV/html/4_ECCV_2024_paper.php"],
    ),
    (
        EcvaPaper(2024, "papers/00004.pdf"),
        "https://www.ecva.net/papers/eccv_2024/papers_ECCV/papers/00004.pdf",
        "ecva:2024/4",
        ["www.ecva.net/papers/eccv_2024/papers_ECCV/papers/00004.pdf"],
    ),
    (
        EcvaPaper(2018, "html/Wu_Group_Normalization_ECCV_2018_paper.php"),
        "https://www.ecva.net/papers/eccv_2018/papers_ECCV/html/Wu_Group_Normalization_ECCV_2018_paper.php",
        "ecva:2018/wu_group_normalization",
        [
            "http://openaccess.thecvf.com/content_ECCV_2018/html/Wu_Group_Normalization_ECCV_2018_paper.html",
            "http://openaccess.thecvf.com/content_ECCV_2018/papers/Wu_Group_Normalization_ECCV_2018_paper.pdf",
        ],
    ),
    (
        NeurIPSPaper(HASH, 2017),
        f"https://proceedings.neurips.cc/paper_files/paper/2017/hash/{HASH}-Abstract.html",
        f"neurips:2017/{HASH}",
        [
            f"https://proceedings.neurips.cc/paper/2017/hash/{HASH}-Abstract.html",
            f"https://papers.nips.cc/paper/2017/file/{HASH}-Paper.pdf",
            f"https://papers.neurips.cc/paper_files/paper/2017/file/{HASH}-Supplemental.zip",
            f"https://proceedings.neurips.cc/paper/2017/hash/{HASH.upper()}-Abstract.html",
        ],
    ),
    (
        NeurIPSPaper(HASH, 2023, "Conference"),
        f"https://proceedings.neurips.cc/paper_files/paper/2023/hash/{HASH}-Abstract-Conference.html",
        f"neurips:2023/{HASH}",
        [
            f"https://proceedings.neurips.cc/paper_files/paper/2023/file/{HASH}-Paper-Conference.pdf",
        ],
    ),
    (
        NeurIPSPaper(HASH, 2021, "round1"),
        f"https://datasets-benchmarks-proceedings.neurips.cc/paper/2021/hash/{HASH}-Abstract-round1.html",
        f"neurips:2021/{HASH}",
        [
            f"https://datasets-benchmarks-proceedings.neurips.cc/paper/2021/file/{HASH}-Paper-round1.pdf",
        ],
    ),
    (
        NeurIPSPaper("7181-attention-is-all-you-need"),
        "https://papers.nips.cc/paper/7181-attention-is-all-you-need",
        "neurips:7181",
        ["http://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf"],
    ),
    (
        PmlrPaper("v139", "radford21a"),
        "https://proceedings.mlr.press/v139/radford21a.html",
        "pmlr:v139/radford21a",
        [
            "http://proceedings.mlr.press/v139/radford21a/radford21a.pdf",
            "https://proceedings.mlr.press/v139/radford21a/radford21a-supp.pdf",
            "https://raw.githubusercontent.com/mlresearch/v139/main/assets/radford21a/radford21a.pdf",
        ],
    ),
    (
        PmlrPaper("v9", "glorot10a"),
        "https://proceedings.mlr.press/v9/glorot10a.html",
        "pmlr:v9/glorot10a",
        ["http://www.jmlr.org/proceedings/papers/v9/glorot10a/glorot10a.pdf"],
    ),
    (
        AclPaper("P19-1001"),
        "https://aclanthology.org/P19-1001/",
        "acl:p19-1001",
        [
            "https://aclanthology.org/P19-1001",
            "https://aclanthology.org/p19-1001.pdf",
            "https://www.aclweb.org/anthology/P19-1001.pdf",
            "https://www.aclweb.org/anthology/papers/P/P19/P19-1001/",
            "http://anthology.aclweb.org/P/P19/P19-1001.bib",
            "https://doi.org/10.18653/v1/P19-1001",
            "doi:10.18653/v1/p19-1001",
        ],
    ),
    (
        AclPaper("2020.acl-main.1", 2),
        "https://aclanthology.org/2020.acl-main.1v2.pdf",
        "acl:2020.acl-main.1",
        ["https://aclanthology.org/2020.acl-main.1v2.pdf"],
    ),
    (
        WebPage("https://example.org/a/b?y=2&x=1#c"),
        "https://example.org/a/b?y=2&x=1#c",
        "web:example.org/a/b?y=2&x=1",
        [
            "HTTPS://user@Example.ORG:443/a/./c/../b?y=2&x=1#c",
            "example.org/a/b?y=2&x=1#c",
            "https://example.org./%61/b?y=2&x=%31#c",
        ],
    ),
    (
        WebPage("http://example.org/~me/%C3%A9%20%7C%25?q=%5B%5D"),
        "http://example.org/~me/%C3%A9%20%7C%25?q=%5B%5D",
        "web:example.org/~me/%C3%A9%20%7C%25?q=%5B%5D",
        ["http://example.org:80/%7eme/é |%?q=[]", "http://example.org/~me/%c3%a9%20|%25?q=%5b]"],
    ),
    (
        WebPage("https://example.org/rain_(it's_*wet*!)?q=(a)"),
        "https://example.org/rain_(it's_*wet*!)?q=(a)",
        "web:example.org/rain_(it's_*wet*!)?q=(a)",
        ["https://example.org/rain_%28it%27s_%2Awet%2a%21%29?q=%28a%29"],
    ),
    (
        WebPage("https://example.org/"),
        "https://example.org/",
        "web:example.org",
        ["https://example.org", "example.org", "//example.org/", "https://example.org/?#"],
    ),
    (
        WebPage("https://example.org:8443/"),
        "https://example.org:8443/",
        "web:example.org:8443",
        ["https://example.org:8443", "example.org:8443"],
    ),
    (
        WebPage("https://[2001:db8::1]/a"),
        "https://[2001:db8::1]/a",
        "web:[2001:db8::1]/a",
        ["https://[2001:DB8::1]:443/a"],
    ),
]

CASES = [(link, *group[:3]) for group in GROUPS for link in (group[1], *group[3])]

# What looks like a link to a work and is none, each in its canonical form.
PAGES = [
    # ids that arXiv cannot have given
    "https://arxiv.org/abs/2113.09881",
    "https://arxiv.org/abs/2100.09881",
    "https://arxiv.org/abs/2111.0988",
    "https://arxiv.org/abs/2111.098811",
    "https://arxiv.org/abs/1412.69800",
    "https://arxiv.org/abs/1501.0001",
    "https://arxiv.org/abs/0703.0001",
    "https://arxiv.org/abs/0612.0001",
    "https://arxiv.org/abs/2111.09881v0",
    "https://arxiv.org/abs/2111.09881v01",
    "https://arxiv.org/abs/2111.09881v",
    "https://arxiv.org/abs/2111.09881v99999",
    "https://arxiv.org/abs/hep-th/9106001",
    "https://arxiv.org/abs/hep-th/0704001",
    "https://arxiv.org/abs/hep-th/9913001",
    "https://arxiv.org/abs/hep-th/910800",
    "https://arxiv.org/abs/rain/0309136",
    "https://arxiv.org/abs/2111.%D9%A0%D9%A1%D9%A2%D9%A3%D9%A4",
    # other pages of the sites
    "https://arxiv.org/",
    "https://arxiv.org/list/cs.CV/recent",
    "https://arxiv.org/a/liang_j_1",
    "https://arxiv.org/search/?query=2111.09881",
    "https://arxiv.org/html/2111.09881v2/x1.png",
    "https://www.alphaxiv.org/abs/2111.09881",
    "https://huggingface.co/papers",
    "https://huggingface.co/papers/2113.09881",
    "https://huggingface.co/docs/transformers",
    "https://huggingface.co/microsoft",
    "https://huggingface.co/datasets",
    "https://huggingface.co/spaces/akhaliq",
    "https://huggingface.co/",
    "https://huggingface.co/microsoft/-rain",
    "https://huggingface.co/microsoft/resnet-50.git.git",
    "https://github.com/",
    "https://github.com/JingyunLiang",
    "https://github.com/features/actions",
    "https://github.com/Topics/deraining",
    "https://github.com/orgs/openai/repositories",
    "https://github.com/sponsors/octocat",
    "https://github.com/settings/profile",
    "https://github.com/marketplace/actions",
    "https://github.com/-rain/SwinIR",
    "https://github.com/JingyunLiang/Swin%7CIR",
    "https://github.com/JingyunLiang/.git",
    "https://github.com/JingyunLiang/SwinIR.git.git",
    "https://raw.githubusercontent.com/JingyunLiang",
    "https://jingyunliang.github.io/SwinIR",
    "https://gist.github.com/karpathy",
    "https://gist.github.com/3342247",
    "https://gist.github.com/karpathy/starred",
    "https://gitlab.com/",
    "https://gitlab.com/gitlab-org",
    "https://gitlab.com/explore/projects",
    "https://gitlab.com/groups/gitlab-org",
    "https://gitlab.com/vision/-rain",
    "https://gitlab.com/vision/derain.git.git",
    "https://gitlab.com/-/tree/main",
    "https://docs.gitlab.com/user/markdown",
    "https://git.example.org/vision/derain",
    "https://git.example.org/vision/derain/-/rain",
    "https://registry.example.org/@vision/derain/-/derain-1.0.tgz",
    "https://doi.org/",
    "https://doi.org/10.1109",
    "https://doi.org/the-identifier",
    "https://doi.org/10.1000/%C3%A9",
    "https://openreview.net/group?id=ICLR.cc/2024/Conference",
    "https://openreview.net/forum?noteid=YicbFdNTTy",
    "https://openreview.net/forum?id=",
    "https://openreview.net/pdf/0123456789abcdef.pdf",
    "https://openaccess.thecvf.com/ICCV2021?day=all",
    "https://openaccess.thecvf.com/content/ICCV2021/papers/",
    "https://www.ecva.net/papers.php",
    "https://papers.nips.cc/paper/2017",
    "https://proceedings.neurips.cc/paper/2017/hash/3f5e-Abstract.html",
    "https://proceedings.mlr.press/v139/",
    "https://jmlr.org/papers/v3/bengio03a.html",
    "https://aclanthology.org/events/acl-2020/",
    "https://aclanthology.org/volumes/2020.acl-main/",
    "https://aclanthology.org/B19-1001/",
    # other hosts, however much they look like these
    "https://evilarxiv.org/abs/2111.09881",
    "https://arxiv.org.example.org/abs/2111.09881",
    "https://example.org/arxiv.org/abs/2111.09881",
    "https://example.org/?u=https://arxiv.org/abs/2111.09881",
    "https://web.archive.org/web/2020/https://arxiv.org/abs/2111.09881",
    "javascript://arxiv.org/abs/2111.09881",
]

# What is no link stays as it is.
TEXTS = [
    "",
    "None",
    "N/A",
    "2111.09881",
    "2111.09881v2",
    "hep-th/9901001",
    "arXiv:2113.09881",
    "arXiv preprint arXiv:2111.09881",
    "doi:10.1/x",
    "10.1000/",
    "10.1000/a b",
    "see github.com/JingyunLiang/SwinIR",
    "mailto:someone@example.org",
    "someone@example.org",
    "javascript:alert(1)",
    "data:text/html,<p>",
    "file:///etc/passwd",
    "https://",
    "https:///path",
    "https:arxiv.org/abs/2111.09881",
    "http://[",
    "http://[::1",
    "http://]/",
    "http://a:b/",
    "http://a:999999/",
    "http://a b/",
    "http://.../",
    "http://ex%61mple.org/",
    "http://\u2100.example.org/",  # NFKC makes a slash of it
    "localhost:8000/x",
    "C:\\papers\\swinir.pdf",
    "\x00",
    "\ud800",
    "٢١١١.٠٩٨٨١",
]


class TestIdentify:
    @pytest.mark.parametrize(("link", "identifier", "url", "work"), CASES)
    def test_it_knows_a_link_by_what_it_leads_to(
        self, link: str, identifier: Identifier, url: str, work: str
    ) -> None:
        found = identify(link)
        assert found == identifier
        assert (found.url, found.work) == (url, work)

    def test_there_is_a_case_of_every_kind(self) -> None:
        assert {type(group[0]) for group in GROUPS} == set(get_args(Identifier))

    @pytest.mark.parametrize("url", PAGES)
    def test_everything_else_is_a_page(self, url: str) -> None:
        assert identify(url) == WebPage(url)

    @pytest.mark.parametrize("text", TEXTS)
    def test_what_is_no_link_stays_as_it_is(self, text: str) -> None:
        found = identify(text)
        assert found == WebPage(text)
        assert found.work.startswith("web:")

    @pytest.mark.parametrize(
        ("link", "url"),
        [
            ("https://arxiv.org@example.org/abs/2111.09881", "https://example.org/abs/2111.09881"),
            # Browsers end the host at a backslash, and go to example.org.
            (
                "https://example.org\\@arxiv.org/abs/2111.09881",
                "https://example.org/@arxiv.org/abs/2111.09881",
            ),
            ("https://arxiv.org%2F@example.org/", "https://example.org/"),
        ],
    )
    def test_a_name_in_front_of_the_host_does_not_count(self, link: str, url: str) -> None:
        assert identify(link) == WebPage(url)

    @pytest.mark.parametrize("wrong", [None, b"https://arxiv.org/abs/2111.09881", 7])
    def test_only_text_can_be_a_link(self, wrong: object) -> None:
        with pytest.raises(TypeError, match=f"^url must be str, not {type(wrong).__name__}$"):
            identify(wrong)  # type: ignore[arg-type]

    @pytest.mark.parametrize("identifier", [group[0] for group in GROUPS], ids=str)
    def test_identifiers_are_frozen_values(self, identifier: Identifier) -> None:
        assert pickle.loads(pickle.dumps(identifier)) == identifier
        assert len({identifier, attrs.evolve(identifier)}) == 1
        assert not hasattr(identifier, "__dict__")
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            identifier.url = ""  # type: ignore[misc]


class TestWork:
    @pytest.mark.parametrize(
        "links",
        [
            ["https://arxiv.org/abs/2111.09881", "https://arxiv.org/abs/2111.09881v1"],
            ["https://arxiv.org/abs/cs/0309136", "https://arxiv.org/abs/cs.CV/0309136v2"],
            [
                "https://github.com/JingyunLiang/SwinIR",
                "https://github.com/jingyunliang/swinir",
                "https://github.com/JingyunLiang/SwinIR/tree/main/models",
                "https://github.com/JingyunLiang/SwinIR/wiki",
                "https://github.com/JingyunLiang/SwinIR/commit/" + COMMIT,
            ],
            [
                f"https://gist.github.com/{GIST}",
                f"https://gist.github.com/karpathy/{GIST.upper()}/{COMMIT}",
            ],
            ["https://gitlab.com/a/b/c", "https://gitlab.com/A/B/C/-/merge_requests/1"],
            ["https://huggingface.co/a/b", "https://huggingface.co/A/B/tree/v1"],
            ["https://doi.org/10.1109/CVPR.2016.90", "https://doi.org/10.1109/cvpr.2016.90"],
            ["https://aclanthology.org/P19-1001", "https://aclanthology.org/P19-1001v2.pdf"],
            [
                "http://papers.nips.cc/paper/7181-attention-is-all-you-need",
                "http://papers.nips.cc/paper/7181-attention",
            ],
            [
                "https://www.ecva.net/papers/eccv_2024/papers_ECCV/html/4_ECCV_2024_paper.php",
                "https://www.ecva.net/papers/eccv_2024/papers_ECCV/papers/00004-supp.pdf",
            ],
            [
                "http://example.org/rain",
                "https://example.org/rain/",
                "https://www.example.org/rain#results",
                "example.org/rain",
            ],
            ["https://example.org/?q=1", "http://example.org?q=1#a"],
        ],
    )
    def test_it_is_one_for_all_versions_pages_and_spellings(self, links: list[str]) -> None:
        assert len({identify(link).work for link in links}) == 1

    @pytest.mark.parametrize(
        "links",
        [
            ["https://arxiv.org/abs/2111.09881", "https://arxiv.org/abs/2111.09882"],
            ["https://arxiv.org/abs/math/0309136", "https://arxiv.org/abs/cs/0309136"],
            ["https://github.com/a/b", "https://github.com/a/b.c", "https://gitlab.com/a/b"],
            [
                "https://gitlab.com/a/b",
                "https://gitlab.example.org/a/b",
                "https://gitlab.com/a/b/c",
            ],
            [
                "https://huggingface.co/a/b",
                "https://huggingface.co/datasets/a/b",
                "https://huggingface.co/spaces/a/b",
            ],
            ["https://openreview.net/forum?id=aBcDe", "https://openreview.net/forum?id=abcde"],
            [
                f"https://papers.nips.cc/paper/2017/hash/{HASH}-Abstract.html",
                f"https://papers.nips.cc/paper/2018/hash/{HASH}-Abstract.html",
            ],
            [
                "https://example.org/rain",
                "https://example.org/Rain",
                "https://example.org/rain?p=1",
                "https://example.org/rain?p=2",
                "https://example.org//rain",
                "https://example.org/rain%2F",
                "https://example.org:8080/rain",
                "https://ftp.example.org/rain",
                "ftp://example.org/rain",
            ],
        ],
    )
    def test_it_differs_where_the_works_do(self, links: list[str]) -> None:
        assert len({identify(link).work for link in links}) == len(links)


class TestFields:
    @pytest.mark.parametrize(
        ("link", "year", "month"),
        [
            ("arXiv:2111.09881", 2021, 11),
            ("arXiv:0704.0001", 2007, 4),
            ("arXiv:hep-th/9108001", 1991, 8),
            ("arXiv:math/0001001", 2000, 1),
            ("arXiv:cs/0703001", 2007, 3),
        ],
    )
    def test_an_arxiv_id_tells_year_and_month(self, link: str, year: int, month: int) -> None:
        paper = identify(link)
        assert isinstance(paper, ArxivPaper)
        assert (paper.year, paper.month) == (year, month)

    @pytest.mark.parametrize(
        ("link", "venue", "year"),
        [
            (f"openaccess.thecvf.com/content/ICCV2021/papers/{DEBLUR}_paper.pdf", "ICCV", 2021),
            (
                f"openaccess.thecvf.com/content/ICCV2021W/AIM/papers/{SWINIR}_paper.pdf",
                "ICCVW",
                2021,
            ),
            ("openaccess.thecvf.com/content_cvpr_2013/html/A_B_2013_paper.html", "CVPR", 2013),
            ("openaccess.thecvf.com/content/WACV2024/html/A_B_2024_paper.html", "WACV", 2024),
            ("openaccess.thecvf.com/content_ICCVW_2019/html/AIM/A_B_paper.html", "ICCVW", 2019),
            ("openaccess.thecvf.com/content_ECCVW_2018/papers/11133/A_B_paper.pdf", "ECCVW", 2018),
            ("www.ecva.net/papers/eccv_2022/papers_ECCV/papers/136610001.pdf", "ECCV", 2022),
            (f"papers.nips.cc/paper/2017/hash/{HASH}-Abstract.html", "NeurIPS", 2017),
            ("papers.nips.cc/paper/7181-attention-is-all-you-need", "NeurIPS", None),
            ("proceedings.mlr.press/v139/radford21a.html", "PMLR", 2021),
            ("proceedings.mlr.press/r0/heckerman95a.html", "PMLR", 1995),
            ("proceedings.mlr.press/v1/preface.html", "PMLR", None),
            ("aclanthology.org/P19-1001/", "ACL", 2019),
            ("aclanthology.org/J93-2004/", "CL", 1993),
            ("aclanthology.org/W00-0726/", "WS", 2000),
            ("aclanthology.org/2020.acl-main.1/", "ACL", 2020),
            ("aclanthology.org/2021.findings-emnlp.1/", "Findings of EMNLP", 2021),
            ("aclanthology.org/2022.conll-1.2/", "CoNLL", 2022),
        ],
    )
    def test_the_path_tells_venue_and_year(self, link: str, venue: str, year: int | None) -> None:
        paper = identify(link)
        assert isinstance(paper, CvfPaper | EcvaPaper | NeurIPSPaper | PmlrPaper | AclPaper)
        assert (paper.venue, paper.year) == (venue, year)


ABS, PDF = "https://arxiv.org/abs/2111.09881", "https://arxiv.org/pdf/2111.09881"
REPO = "https://github.com/JingyunLiang/SwinIR"
PAGE = "https://example.org/rain"

DIFFERENCES = [
    (ABS, ABS, "same"),
    (ABS, f" {ABS}\n", "same"),
    ("https://arxiv.org:443/abs/2111.09881", ABS, "same"),
    ("https://me@arxiv.org/abs/2111%2E09881", ABS, "same"),
    (f"{PAGE}_%28weather%29", f"{PAGE}_(weather)", "same"),
    ("None", "None", "same"),
    ("http://arxiv.org/abs/2111.09881", ABS, "scheme"),
    ("arxiv.org/abs/2111.09881", ABS, "scheme"),
    ("http://ARXIV.org/abs/2111.09881", ABS, "scheme"),
    ("ssh://git@github.com/JingyunLiang/SwinIR", REPO, "scheme"),
    ("http://example.org/rain", PAGE, "scheme"),
    (f"{REPO}?tab=readme-ov-file", REPO, "query"),
    (f"{REPO}#training", REPO, "query"),
    (f"{REPO}#training", REPO.replace("https", "http"), "query"),
    (f"{PAGE}#results", PAGE, "query"),
    (f"{PAGE}?utm_source=x", PAGE, "query"),
    (f"{PAGE}?p=1", f"{PAGE}?p=2", "query"),
    (f"{PAGE}?p=1", f"{PAGE}?p=1&q=2", "query"),
    (f"{PAGE}?p=1", f"{PAGE}/?p=2", "query"),
    (
        "https://openreview.net/forum?id=abc",
        "https://openreview.net/forum?id=abc&noteId=d",
        "query",
    ),
    (PDF, ABS, "form"),
    (f"{PDF}.pdf", PDF, "form"),
    ("http://arxiv.org/pdf/2111.09881.pdf", ABS, "form"),
    ("arXiv:2111.09881", ABS, "form"),
    ("arXiv 2111.09881", "arXiv:2111.09881", "form"),
    ("10.48550/arXiv.2111.09881", "arXiv:2111.09881", "form"),
    ("https://www.arxiv.org/abs/2111.09881", ABS, "form"),
    ("https://huggingface.co/papers/2111.09881", ABS, "form"),
    (f"{REPO}.git", REPO, "form"),
    (f"{REPO}/", REPO, "form"),
    ("git@github.com:JingyunLiang/SwinIR.git", REPO, "form"),
    (f"{REPO}/issues", f"{REPO}?tab=readme-ov-file", "form"),
    (f"{REPO}/blob/main/a", f"{REPO}/tree/main", "form"),
    ("https://openreview.net/forum?id=abc", "https://openreview.net/pdf?id=abc", "form"),
    (PAGE, f"{PAGE}/", "form"),
    (PAGE, "http://www.example.org/rain", "form"),
    (REPO, REPO.lower(), "letter case"),
    (f"{REPO}.git", REPO.lower(), "letter case"),
    (f"{REPO}/issues/1", REPO.lower(), "letter case"),
    (ABS, ABS.upper(), "letter case"),
    (ABS, "https://arXiv.org/abs/2111.09881", "letter case"),
    (ABS, "http://arxiv.org/ABS/2111.09881", "letter case"),
    ("arXiv:2111.09881", "arxiv:2111.09881", "letter case"),
    (f"{REPO}/tree/main", f"{REPO}/tree/Main", "letter case"),
    (PAGE, "https://example.org/Rain", "letter case"),
    (PAGE, "http://example.org/Rain/", "letter case"),
    (f"{PAGE}?p=1", "https://example.org/Rain?p=2", "letter case"),
    ("https://openreview.net/forum?id=abc", "https://openreview.net/pdf?id=ABC", "letter case"),
    (ABS, f"{ABS}v2", "version"),
    (f"{ABS}v1", f"{ABS}v12", "version"),
    (f"{ABS}v1", f"{PDF}v2.pdf", "version"),
    (REPO, f"{REPO}/tree/main", "version"),
    (f"{REPO}/tree/main", f"{REPO}/tree/v0.1/models", "version"),
    (REPO.lower(), f"{REPO}/releases/tag/v0.0", "version"),
    ("https://aclanthology.org/P19-1001", "https://aclanthology.org/P19-1001v2.pdf", "version"),
    (ABS[:-4], ABS, "truncated"),
    (f"{ABS}v", f"{ABS}v2", "truncated"),
    ("https://arxiv.org/pdf/2111.0", PDF, "truncated"),
    ("arxiv.org/pdf/2111.0", f"{PDF}v1.pdf", "truncated"),
    ("https://arxiv.org/abs/2111.0", f"http://arxiv.org/pdf/{'2111.09881'}v1.pdf", "truncated"),
    ("https://www.arxiv.org/abs/2111.0", "http://arxiv.org/abs/2111.09881v1", "truncated"),
    ("https://github.com/JingyunL", REPO, "truncated"),
    ("https://github.com/jingyunliang/Swin", REPO, "truncated"),
    ("https://openreview.net/forum", "https://openreview.net/forum?id=abc", "truncated"),
    ("https://exam", PAGE, "truncated"),
    ("https:/", PAGE, "truncated"),
    (f"{PAGE}?video=9kaE", f"{PAGE}?video=9kaEkfzG3L8", "truncated"),
    (ABS, "https://arxiv.org/abs/2111.09882", "different"),
    (ABS, REPO, "different"),
    (REPO, "https://gitlab.com/JingyunLiang/SwinIR", "different"),
    (PAGE, "https://example.org/snow", "different"),
    (PAGE, "https://example.com/rain", "different"),
    ("", ABS, "different"),
    ("2111.09881", ABS, "different"),
]


class TestCompare:
    @pytest.mark.parametrize(("a", "b", "difference"), DIFFERENCES)
    def test_it_names_the_weightiest_difference(self, a: str, b: str, difference: str) -> None:
        assert compare(a, b) is Difference(difference)
        assert compare(b, a) is Difference(difference)

    def test_the_differences_are_in_the_order_of_their_weight(self) -> None:
        named = [difference for *_, difference in DIFFERENCES]
        assert list(Difference) == sorted(set(named), key=named.index)

    @pytest.mark.parametrize("wrong", [None, b"", 7])
    def test_both_have_to_be_text(self, wrong: object) -> None:
        with pytest.raises(TypeError):
            compare(wrong, ABS)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            compare(ABS, wrong)  # type: ignore[arg-type]


KNOWN = [link for link, *_ in CASES]
FRAGMENTS = [
    *("http://", "https:", "//", "/", "\\", "ssh://git@", "git@", "git+", "www.", ":", ":80", "@"),
    *("arxiv.org", "github.com", "gitlab.", "huggingface.co", "doi.org", "example.org", "[::1]"),
    *("/abs/", "/-/", "tree", "raw", "blob", "datasets", "papers", ".git", ".pdf", "refs/heads/"),
    *("2111.09881", "v2", "hep-th/9901001", "10.1000/", "arXiv:", "doi:", "id=", HASH, GIST),
    *("?", "#", "&", "=", "%", "%41", "%2e", "%2F", "%25", "%zz", ".", "..", " ", "\n", "\x00"),
    *("é", "İ", "K", "ſ", "Σ", "٢", "℀", "\ud800", "\udcff", "ａ"),
]


def links() -> SearchStrategy[str]:
    """Any text, and often one that is nearly a link."""
    pieces = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3))
    damaged = st.builds(
        lambda link, at, piece: link[:at] + piece + link[at:],
        st.sampled_from(KNOWN),
        st.integers(0, 80),
        pieces,
    )
    return st.one_of(
        st.text(),
        st.sampled_from(KNOWN + PAGES + TEXTS),
        damaged,
        st.lists(pieces, max_size=12).map("".join),
    )


def arxiv_links() -> SearchStrategy[str]:
    return st.builds(
        "https://arxiv.org/{}/{:02}{:02}.{:05}".format,
        st.sampled_from(["abs", "pdf", "html"]),
        st.integers(15, 99),
        st.integers(1, 12),
        st.integers(0, 99_999),
    )


def github_links() -> SearchStrategy[str]:
    names = st.text("abcXYZ019-", min_size=1, max_size=8).map(lambda text: f"x{text}")
    return st.builds("https://github.com/{}/{}".format, names, names)


class TestLaws:
    @given(links())
    def test_every_text_leads_somewhere(self, text: str) -> None:
        assert isinstance(identify(text), Identifier)

    @given(links())
    @example("http://a:80:80/")
    @example("http://a../")
    @example("https://github.com/a/b.git.git")
    @example("https://example.org/%%34%31")
    @example("https://example.org/a/..//..")
    @example("10.1000/a/../../b")
    def test_a_canonical_url_is_its_own(self, text: str) -> None:
        found = identify(text)
        again = identify(found.url)
        assert (again.url, again.work) == (found.url, found.work)
        assert again == found

    @given(links())
    def test_blanks_around_a_link_do_not_count(self, text: str) -> None:
        assert identify(f" \t{text}\r\n") == identify(text)

    @given(links(), links())
    def test_which_link_comes_first_does_not_matter(self, a: str, b: str) -> None:
        assert compare(a, b) is compare(b, a)

    @given(links())
    def test_a_link_is_the_same_as_itself(self, text: str) -> None:
        assert compare(text, text) is Difference.SAME

    @given(links(), links())
    def test_one_work_is_neither_truncated_nor_different(self, a: str, b: str) -> None:
        within = compare(a, b) not in (Difference.TRUNCATED, Difference.DIFFERENT)
        assert within or identify(a).work != identify(b).work

    @given(st.one_of(arxiv_links(), github_links()))
    def test_another_scheme_is_named_so(self, link: str) -> None:
        assert compare(link, link.replace("https:", "http:")) is Difference.SCHEME
        assert compare(link, link.removeprefix("https://")) is Difference.SCHEME

    @given(st.one_of(arxiv_links(), github_links(), links()))
    def test_another_letter_case_is_named_so(self, link: str) -> None:
        swapped = link.swapcase()
        assume(swapped.lower() == link.lower() and swapped != link)
        assert compare(link, swapped) is Difference.CASE

    @given(arxiv_links(), st.integers(1, 99), st.integers(1, 99))
    def test_another_version_is_named_so(self, link: str, one: int, other: int) -> None:
        assert compare(link, f"{link}v{one}") is Difference.VERSION
        expected = Difference.SAME if one == other else Difference.VERSION
        assert compare(f"{link}v{one}", f"{link}v{other}") is expected

    @given(arxiv_links(), st.integers(1, 31))
    def test_a_link_that_was_cut_off_is_named_so(self, link: str, length: int) -> None:
        assert compare(link, link[:length]) is Difference.TRUNCATED


# Links by what they start with and what then comes again and again, chosen for each pattern and
# each loop that reads them. Were one of them not linear, it would take hours.
HOSTILE = [
    *[("", unit) for unit in ("/", "a", "a.", "a:", "@", ":", "//", "\x00", "\ud800", "git@a:")],
    *[("http://", unit) for unit in ("a.", "a:", "a@", "[", "0", ".", "\\", "é", "?", "#")],
    *[("https://example.org", unit) for unit in ("/", "/.", "/..", "/a/..", "%", "%41", "/-/a")],
    *[("https://arxiv.org/abs/", unit) for unit in ("/", "0", "2111.09881", "hep-th/", "arXiv:")],
    *[("arXiv:", unit) for unit in (" ", "2111.09881v", "2111.09881 [")],
    *[("10.1000", unit) for unit in (".1", "/", "%", "#", "/../a")],
    *[("https://doi.org/10.1000/", unit) for unit in ("%25", "%2F", "doi:", "a/")],
    *[("https://github.com/a/b", unit) for unit in (".git", "/tree", "/releases/tag", "_", "/")],
    *[(f"https://gist.github.com/a/{GIST}", unit) for unit in ("/", "/raw", "a", ".git")],
    *[("https://gitlab.com/a/b", unit) for unit in ("/", "/-", "/tree", "/c", ".git")],
    *[("https://huggingface.co/bert-", unit) for unit in ("-", "/", "bert-", "/tree")],
    *[("https://openreview.net/forum?", unit) for unit in ("&", "id=a", "&id=", "id=a!&", "id")],
    *[("https://openaccess.thecvf.com/content_", unit) for unit in ("A", "2021", "W_2021", "/a")],
    ("https://openaccess.thecvf.com/content/ICCV2021/papers/a", "_paper"),
    ("https://openaccess.thecvf.com/content/ICCV2021", "/papers"),
    *[
        ("https://ecva.net/papers/eccv_2020/papers_ECCV/html/", unit)
        for unit in ("-supp", ".", "0")
    ],
    *[(f"https://papers.nips.cc/paper/2017/hash/{HASH}-", unit) for unit in ("a", "a-", "_")],
    *[("https://papers.nips.cc/paper/1-", unit) for unit in ("-", ".pdf")],
    *[("https://proceedings.mlr.press/v1/", unit) for unit in ("a", "-supp", "a/", ".pdf")],
    *[
        ("https://aclanthology.org", unit)
        for unit in ("/", "/papers", "/2020.a-b.1", "/P19-1001v1")
    ],
]


def hostile(head: str, unit: str) -> str:
    return head + unit * (1_000_000 // len(unit)) + "!"


class TestHostileLinks:
    @pytest.mark.parametrize(("head", "unit"), HOSTILE)
    def test_a_megabyte_is_read_in_linear_time(self, head: str, unit: str) -> None:
        assert isinstance(identify(hostile(head, unit)), Identifier)

    @pytest.mark.parametrize(("head", "unit"), HOSTILE[::8])
    def test_two_of_them_are_compared_in_linear_time(self, head: str, unit: str) -> None:
        link = hostile(head, unit)
        assert compare(link, link[:-1]) is not Difference.SAME


def test_it_stands_on_its_own_feet() -> None:
    program = (
        "import sys, cnaps; before = {*sys.modules}\n"
        "from cnaps.identifiers import identify; identify('https://[')\n"
        "print(*{name.partition('.')[0] for name in {*sys.modules} - before})\n"
        "print(*{name for name in {*sys.modules} - before if name.startswith('cnaps')})"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    packages, modules = result.stdout.splitlines()
    assert {*packages.split()} - sys.stdlib_module_names <= {"attr", "attrs", "cnaps"}
    assert all(name.startswith("cnaps.identifiers") for name in modules.split())
