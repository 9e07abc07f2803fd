"""Prompts and answers are paired by their names, and by where they are."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Pairing, pair_files

NONE_OF_ANSWERS = "there is no answer that belongs to it"
NONE_OF_PROMPTS = "there is no prompt that it belongs to"


def pairs(*names: str) -> list[tuple[str, str]]:
    """Return the pairs of files, which must have been all of them."""
    found = pair_files(names)
    assert found.alone == ()
    return [(prompt.as_posix(), answer.as_posix()) for prompt, answer in found.pairs]


def alone(*names: str) -> dict[str, str]:
    return {path.as_posix(): reason for path, reason in pair_files(names).alone}


class TestNames:
    @pytest.mark.parametrize(
        ("prompt", "answer"),
        [
            ("Query1.txt", "Query1_answer.txt"),
            ("prompt.txt", "answer.txt"),
            ("q1.prompt.txt", "q1.answer.txt"),
            ("q1-prompt.md", "q1-answers.md"),
            ("Query1.txt", "query1 Answer.TXT"),
            ("QUERY1_PROMPT.txt", "query1.answer.txt"),
            ("Straße.txt", "STRASSE_ANSWER.TXT"),
            ("Query1.txt", "Query1_answer_txt"),
            ("Query1.txt", "Query1_answertxt"),
            ("Query1.txt", "Query1 -- answer_.md"),
            ("Query1.txt", "Query1answer.txt"),
            ("Query1.txt", "Query1 (answer).txt"),
            ("[Query1].txt", "[Query1] – answer.txt"),
            ("C++.txt", "C++_answer.txt"),
            ("Query1_.txt", "Query1__answer.txt"),
            ("q1_prompt.txt", "q1_prompt_answer.txt"),
            ("Text2Prompt.txt", "Text2Prompt_answer.txt"),
            ("q1.txt", "q1_answer.json"),
            ("v1.0.txt", "v1.0_answer.txt"),
            ("問.txt", "問_answer.txt"),
            ("line\nend.txt", "line\nend_answer.txt"),
            ("\udcff.txt", "\udcff_answer.txt"),
        ],
    )
    def test_these_belong_together(self, prompt: str, answer: str) -> None:
        assert pairs(prompt, answer) == [(prompt, answer)]
        assert pairs(f"a/{answer}", f"a/{prompt}") == [(f"a/{prompt}", f"a/{answer}")]

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("q1.txt", "q2_answer.txt"),
            ("q1.txt", "q11_answer.txt"),
            ("q1.txt", "q1_answered.txt"),
            ("q1.txt", "q1_answer_v2.txt"),
            ("q1.txt", "q1_reply.txt"),
            ("C.txt", "C++_answer.txt"),
            ("q-1.txt", "q_1_answer.txt"),
            ("q1_answer.txt", "q1-answer.txt"),
        ],
    )
    def test_these_do_not(self, first: str, second: str) -> None:
        assert alone(first, second).keys() == {first, second}


class TestPlaces:
    @pytest.mark.parametrize(
        ("prompts", "answers"),
        [
            ("", ""),
            ("a/b", "a/b"),
            ("prompts", "answers"),
            ("prompts/rain", "answers/rain"),
            ("/data/Prompts/train/rain", "/data/Answers/train/rain"),
            ("rain", "answers/rain"),
            ("rain_prompts", "rain_answers"),
            ("rain", "rain/answers"),
            ("raw/rain", "2026/generated/rain"),
            ("in/Rain", "out/rain"),
            ("prompts/Generation∗", "answers/GenerationΓêù"),
            ("raw/GenerationΓêù", "generated/Generation∗"),
            ("raw/café", "generated/caf├⌐"),
        ],
    )
    def test_a_partner_may_be_in_a_folder_of_these_names(self, prompts: str, answers: str) -> None:
        prompt = PurePath(prompts, "q1.txt").as_posix()
        answer = PurePath(answers, "q1_answer.txt").as_posix()
        assert pairs(answer, prompt) == [(prompt, answer)]

    @pytest.mark.parametrize(
        ("prompts", "answers"),
        [("rain", "snow"), ("rain/a", "rain/b"), ("café", "caf\u00e9s"), ("∗", "*")],
    )
    def test_and_not_in_one_of_another_name(self, prompts: str, answers: str) -> None:
        prompt, answer = f"{prompts}/q1.txt", f"{answers}/q1_answer.txt"
        assert alone(prompt, answer) == {prompt: NONE_OF_ANSWERS, answer: NONE_OF_PROMPTS}

    def test_the_same_folder_is_nearest(self) -> None:
        assert pairs("x/a/q.txt", "x/a/q_answer.txt", "y/a/q.txt", "y/a/q_answer.txt") == [
            ("x/a/q.txt", "x/a/q_answer.txt"),
            ("y/a/q.txt", "y/a/q_answer.txt"),
        ]

    def test_the_same_path_is_nearer_than_the_same_name(self) -> None:
        names = ["prompts/train/a/q.txt", "prompts/test/a/q.txt"]
        answers = ["answers/test/a/q_answer.txt", "answers/train/a/q_answer.txt"]
        assert pairs(*names, *answers) == [(names[0], answers[1]), (names[1], answers[0])]

    def test_what_is_near_does_not_disturb_what_is_far(self) -> None:
        assert pairs("x/a/q.txt", "y/a/q.txt", "y/a/q_answer.txt", "z/a/q_answer.txt") == [
            ("x/a/q.txt", "z/a/q_answer.txt"),
            ("y/a/q.txt", "y/a/q_answer.txt"),
        ]


class TestAlone:
    def test_without_a_partner(self) -> None:
        assert alone("q1.txt", "q2_answer.txt") == {
            "q1.txt": NONE_OF_ANSWERS,
            "q2_answer.txt": NONE_OF_PROMPTS,
        }

    def test_of_several_none_is_chosen(self) -> None:
        several = "prompts of its name: 1, answers: 2"
        names = ("q1.txt", "q1_answer.txt", "q1-answer.txt")
        assert alone(*names) == dict.fromkeys(names, several)
        names = ("q1.txt", "q1.md", "q1_answer.txt")
        assert alone(*names) == dict.fromkeys(names, "prompts of its name: 2, answers: 1")

    def test_several_in_folders_of_one_name(self) -> None:
        names = ("x/a/q.txt", "y/a/q_answer.txt", "z/a/q_answer.txt")
        assert alone(*names) == dict.fromkeys(names, "prompts of its name: 1, answers: 2")

    def test_the_order_is_that_of_the_files(self) -> None:
        found = pair_files(["b.txt", "c_answer.txt", "a.txt", "a_answer.txt", "c.txt", "z.txt"])
        assert [prompt.name for prompt, _ in found.pairs] == ["a.txt", "c.txt"]
        assert [path.name for path, _ in found.alone] == ["b.txt", "z.txt"]


def test_nothing_makes_no_pairs() -> None:
    assert pair_files([]) == Pairing((), ())


def test_a_file_named_twice_is_one() -> None:
    assert pairs("a.txt", "a_answer.txt", "./a.txt") == [("a.txt", "a_answer.txt")]


def test_paths_of_all_kinds_are_taken_and_files_need_not_exist() -> None:
    found = pair_files(iter([Path("a.txt"), PurePath("a_answer.txt")]))
    assert found.pairs == ((Path("a.txt"), Path("a_answer.txt")),)


NAMES = st.lists(
    st.one_of(
        st.sampled_from(["answer", "Answers", "prompt", "q1", "_", ".", "-", "txt", ".txt", "/"]),
        st.text("aé∗\udc80 Γêù_", max_size=3),
    ),
    max_size=6,
).map("".join)


@given(st.lists(NAMES, max_size=8))
def test_each_file_is_in_one_place(names: list[str]) -> None:
    found = pair_files(names)
    told = [*(path for pair in found.pairs for path in pair), *(path for path, _ in found.alone)]
    assert sorted(told) == sorted(set(map(Path, names)))
    assert all(reason for _, reason in found.alone)


@given(st.lists(NAMES, max_size=8), st.randoms())
def test_the_order_of_the_files_makes_no_difference(names: list[str], random: object) -> None:
    shuffled = sorted(names, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert set(pair_files(shuffled).pairs) == set(pair_files(names).pairs)
    assert set(pair_files(shuffled).alone) == set(pair_files(names).alone)


@pytest.mark.parametrize(
    "name",
    [
        "_" * 100_000,
        "answer" * 20_000,
        "answer_" * 20_000 + "x",
        "_" * 100_000 + "answer",
        "answer" + "_" * 100_000 + "x",
        "prompt" + "_" * 50_000 + "answer" + "_" * 50_000,
    ],
    ids=range(6),
)
def test_a_hostile_name_takes_no_longer_than_any(name: str) -> None:
    # Seconds if the time were quadratic, and no test has that long.
    found = pair_files([name, f"{name}_answer"])
    assert len(found.pairs) * 2 + len(found.alone) == 2
