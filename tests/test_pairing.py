"""Prompts and answers are paired by their names, and by where they are."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Oddity, Pairing, pair_files

NONE_OF_ANSWERS = "there is no answer that belongs to it"
NONE_OF_PROMPTS = "there is no prompt that it belongs to"


def pairs(*names: str) -> list[tuple[str, str]]:
    """Return the pairs of files, which must have been all of them."""
    found = pair_files(names)
    assert found.alone == ()
    return [(prompt.as_posix(), answer.as_posix()) for prompt, answer in found.pairs]


def alone(*names: str) -> dict[str, str]:
    return {path.as_posix(): reason for path, reason in pair_files(names).alone}


@pytest.mark.parametrize("path", ["prompts", Path("prompts")])
def test_one_path_is_refused(path: Any) -> None:
    with pytest.raises(TypeError) as caught:
        pair_files(path)
    assert str(caught.value) == (
        f"pair_files takes the paths of many files, not one {type(path).__name__};"
        " Path(…).rglob('*.txt') has those of a folder"
    )


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
            # More than a slip, or no word of its own.
            ("q1.txt", "q1_anxwexr.txt"),
            ("q1.txt", "q1_answe.r.txt"),
            ("q1.txt", "q1_answering.txt"),
            ("q1.txt", "q1_dancer.txt"),
            ("q1.txt", "q1_answ.txt"),
            ("rain.txt", "rainanswr.txt"),
            ("q1.txt", "q1_answr_v2.txt"),
            ("q1.txt", "q1_prompt_answr_x.txt"),
        ],
    )
    def test_these_do_not(self, first: str, second: str) -> None:
        assert alone(first, second).keys() == {first, second}


class TestTypos:
    @pytest.mark.parametrize(
        "word",
        [
            *("answr", "nswer", "answe", "anser"),
            *("answerr", "annswer", "answwer"),
            *("anwser", "asnwer", "awnser", "ansewr", "anserw"),
            *("ansver", "qnswer", "answet"),
            *("anwsers", "answrs", "answersx"),
            *("ANWSER", "Anwser", "Answrtxt", "answr_txt", "(answr)", "answr_"),
        ],
    )
    def test_a_slip_is_looked_through(self, word: str) -> None:
        answer = f"q1_{word}.txt"
        assert pairs("q1.txt", answer) == [("q1.txt", answer)]
        assert pairs("q1_prompt.txt", answer) == [("q1_prompt.txt", answer)]

    @pytest.mark.parametrize("word", ["promt", "prmopt", "pormpt", "Prompr", "prompst", "proompts"])
    def test_so_it_is_in_the_word_for_prompts(self, word: str) -> None:
        assert pairs(f"q1_{word}.txt", "q1_answer.txt") == [(f"q1_{word}.txt", "q1_answer.txt")]
        assert pairs(f"{word}.txt", "answr.txt") == [(f"{word}.txt", "answr.txt")]

    def test_the_right_word_comes_first(self) -> None:
        found = pair_files(["q1.txt", "q1_answr.txt", "q1_answer.txt"])
        assert found.pairs == ((Path("q1.txt"), Path("q1_answer.txt")),)
        assert found.alone == ((Path("q1_answr.txt"), NONE_OF_PROMPTS),)

    def test_of_several_none_is_chosen(self) -> None:
        several = "prompts of its name: 1, answers: 2"
        names = ("q1.txt", "q1_answr.txt", "q1_anwser.txt")
        assert alone(*names) == dict.fromkeys(names, several)

    def test_a_name_of_that_kind_can_be_one(self) -> None:
        names = ("q1_answr.txt", "q1_answr_answer.txt", "q1_promt_answer.txt", "q1_promt.txt")
        assert pairs(*names) == [names[:2], names[:1:-1]]


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


class TestSeveralAnswers:
    """A prompt has as many answers as there are folders below it with one."""

    @pytest.mark.parametrize(
        ("prompt", "answers"),
        [
            (
                "x/Query1.txt",
                ["x/claude_answer/query1_answer.txt", "x/gpt_answer/Query1_Answer.txt"],
            ),
            ("x/q.txt", ["x/q_answer.txt", "x/gpt/q_answer.txt"]),
            ("x/q.txt", ["x/gpt/2026/q_answer.txt", "x/gpt/q_answer.txt"]),
            ("q.txt", ["gpt/q_answer.txt", "q_answer.txt"]),
            ("prompts/x/q.txt", ["answers/x/q_answer.txt", "answers/x/gpt/q_answer.txt"]),
            ("x/prompts/q.txt", ["x/answers/gpt/q_answer.txt", "x/answers/claude/q_answer.txt"]),
            ("x/prompt.txt", ["x/gpt/answer.txt", "x/claude/answer.txt"]),
            ("x/Generation∗/q.txt", ["x/GenerationΓêù/gpt/q_answer.txt"]),
            ("x/q.txt", ["x/gpt/q_answer.txt", "x/claude/q_anwser.txt"]),
        ],
    )
    def test_each_is_in_a_pair(self, prompt: str, answers: list[str]) -> None:
        expected = [(prompt, answer) for answer in answers]
        assert pairs(prompt, *answers) == expected
        assert pairs(*answers, prompt) == expected

    def test_the_nearest_prompt_above_counts(self) -> None:
        assert pairs("x/q.txt", "x/y/q.txt", "x/y/gpt/q_answer.txt", "x/gpt/q_answer.txt") == [
            ("x/q.txt", "x/gpt/q_answer.txt"),
            ("x/y/q.txt", "x/y/gpt/q_answer.txt"),
        ]

    def test_of_two_in_one_folder_none_is_chosen(self) -> None:
        names = ("x/q.txt", "x/gpt/q_answer.txt", "x/gpt/q-answer.txt")
        assert alone(*names) == dict.fromkeys(names, "prompts of its name: 1, answers: 2")

    def test_and_of_two_prompts_above_none(self) -> None:
        names = ("x/q.txt", "x/q.md", "x/gpt/q_answer.txt")
        assert alone(*names) == dict.fromkeys(names, "prompts of its name: 2, answers: 1")

    def test_one_in_a_folder_is_not_joined_by_one_with_a_typo(self) -> None:
        found = pair_files(["x/q.txt", "x/gpt/q_answer.txt", "x/gpt/q_answr.txt"])
        assert len(found.pairs) == 1
        assert found.alone == ((Path("x/gpt/q_answr.txt"), NONE_OF_PROMPTS),)

    def test_the_order_is_that_of_the_prompts_and_then_of_the_answers(self) -> None:
        names = ["b.txt", "y/a_answer.txt", "y/b_answer.txt", "x/b_answer.txt", "a.txt"]
        assert pairs(*names) == [
            ("b.txt", "y/b_answer.txt"),
            ("b.txt", "x/b_answer.txt"),
            ("a.txt", "y/a_answer.txt"),
        ]


class TestOddities:
    @pytest.mark.parametrize(
        ("prompt", "answer", "oddity"),
        [
            ("q1.txt", "q1_answer.txt", ""),
            ("q1.txt", "q1-answers.md", ""),
            ("q1.txt", "q1 (answer).txt", ""),
            ("Q1.Prompt.txt", "Q1.Answer.txt", ""),
            ("Q1_PROMPT.TXT", "Q1_ANSWER.TXT", ""),
            ("prompt.txt", "answer.txt", ""),
            ("q1_prompt.txt", "q1_prompt_answer.txt", ""),
            ("Query1.txt", "query1_answer.txt", "letter case: Query1_answer.txt"),
            ("Query1.txt", "Query1_Answer.txt", "letter case: Query1_answer.txt"),
            ("Query1.txt", "Query1_answer.TXT", "letter case: Query1_answer.txt"),
            ("q1.Prompt.txt", "Q1 answer.txt", "letter case: q1 Answer.txt"),
            ("Straße.txt", "STRASSE-answer.txt", "letter case: Straße-answer.txt"),
            ("q1.txt", "q1_answr.txt", "a typo in 'answr': q1_answer.txt"),
            ("q1.txt", "q1_anwsers.txt", "a typo in 'anwsers': q1_answers.txt"),
            ("q1.txt", "q1_ANWSER.txt", "a typo in 'ANWSER', letter case: q1_answer.txt"),
            ("q1.txt", "q1_answer_txt", "the ending without its dot: q1_answer.txt"),
            ("q1.md", "q1_answerMD", "the ending without its dot: q1_answer.md"),
            ("q1.txt", "q1_answertxt.txt", "the ending twice: q1_answer.txt"),
            ("q1.txt", "q1_answer.txt.txt", "the ending twice: q1_answer.txt"),
            ("q1.txt", "q1 (answer) txt", "the ending without its dot: q1 (answer).txt"),
            (
                "Query2.txt",
                "Query2_Answertxt.txt",
                "the ending twice, letter case: Query2_answer.txt",
            ),
            (
                "Query2.txt",
                "query2_Answrtxt",
                "a typo in 'Answr', the ending without its dot, letter case: Query2_answer.txt",
            ),
        ],
    )
    def test_of_answers(self, prompt: str, answer: str, oddity: str) -> None:
        found = pair_files([f"x/{answer}", f"x/{prompt}"])
        assert found.alone == ()
        told = [(odd.path.as_posix(), f"{odd.reason}: {odd.name}") for odd in found.oddities]
        assert told == ([(f"x/{answer}", oddity)] if oddity else [])

    @pytest.mark.parametrize(
        ("prompt", "oddity"),
        [
            ("q1_promt.txt", "a typo in 'promt': q1_prompt.txt"),
            ("q1_prompttxt.txt", "the ending twice: q1_prompt.txt"),
            ("q1_pRompt.txt", "letter case: q1_prompt.txt"),
        ],
    )
    def test_of_prompts(self, prompt: str, oddity: str) -> None:
        found = pair_files([prompt, "q1_answer.txt"])
        told = [(odd.path.as_posix(), f"{odd.reason}: {odd.name}") for odd in found.oddities]
        assert told == [(prompt, oddity)]

    def test_a_right_name_is_not_odd(self) -> None:
        found = pair_files(["Query2.txt", "query2_Answertxt.txt", "b/Query2-Anwser_txt"])
        assert len(found.oddities) == 2
        right = [odd.path.with_name(odd.name) for odd in found.oddities]
        assert pair_files(["Query2.txt", *right]).oddities == ()

    def test_a_folder_that_was_misread_is_told_once(self) -> None:
        names = ["q1.txt", "q1_answer.txt", "q2.txt", "q2_answer.txt"]
        folders = ["prompts/∗/x", "answers/Γêù/x", "prompts/∗/x", "answers/Γêù/x"]
        found = pair_files(map("/".join, zip(folders, names, strict=True)))
        assert found.oddities == (Oddity(Path("answers/Γêù"), "UTF-8 that was read as cp437", "∗"),)

    def test_not_if_both_files_are_in_it(self) -> None:
        assert pair_files(["Γêù/q1.txt", "Γêù/q1_answer.txt"]).oddities == ()

    def test_a_file_in_several_pairs_is_told_once(self) -> None:
        found = pair_files(["q_promt.txt", "a/q_answer.txt", "b/q_answer.txt"])
        assert [odd.path.name for odd in found.oddities] == ["q_promt.txt"]

    def test_of_files_that_are_alone_nothing_is_told(self) -> None:
        assert pair_files(["q1_answr.txt", "q2_promt.txt"]).oddities == ()

    def test_it_prints_as_one_line(self) -> None:
        (odd,) = pair_files(["a\nb.txt", "A\nb_answer.txt"]).oddities
        assert str(odd) == r"A\nb_answer.txt: letter case; it would be a\nb_answer.txt"


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
        st.sampled_from(
            [
                "answer",
                "Answers",
                "prompt",
                "answr",
                "promt",
                "q1",
                "_",
                ".",
                "-",
                "txt",
                ".txt",
                "/",
            ]
        ),
        st.text("aé∗\udc80 Γêù_", max_size=3),
    ),
    max_size=6,
).map("".join)


@given(st.lists(NAMES, max_size=8))
def test_each_file_is_in_one_place(names: list[str]) -> None:
    found = pair_files(names)
    prompts = {prompt for prompt, _ in found.pairs}
    told = [*prompts, *(answer for _, answer in found.pairs), *(path for path, _ in found.alone)]
    assert sorted(told) == sorted(set(map(Path, names)))
    assert all(reason for _, reason in found.alone)
    assert len({(prompt, answer.parent) for prompt, answer in found.pairs}) == len(found.pairs)
    assert all(odd.name != odd.path.name for odd in found.oddities)
    assert all(str(odd).isprintable() and odd.reason for odd in found.oddities)


@given(st.lists(NAMES, max_size=8), st.randoms())
def test_the_order_of_the_files_makes_no_difference(names: list[str], random: object) -> None:
    shuffled = sorted(names, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert set(pair_files(shuffled).pairs) == set(pair_files(names).pairs)
    assert set(pair_files(shuffled).alone) == set(pair_files(names).alone)
    assert set(pair_files(shuffled).oddities) == set(pair_files(names).oddities)


@pytest.mark.parametrize(
    "name",
    [
        "_" * 100_000,
        "answer" * 20_000,
        "answer_" * 20_000 + "x",
        "_" * 100_000 + "answer",
        "answer" + "_" * 100_000 + "x",
        "prompt" + "_" * 50_000 + "answer" + "_" * 50_000,
        "answr" * 20_000,
        "answr_" * 20_000,
        "a/" * 20_000 + "q",
    ],
    ids=range(9),
)
def test_a_hostile_name_takes_no_longer_than_any(name: str) -> None:
    # Seconds if the time were quadratic, and no test has that long.
    found = pair_files([name, f"{name}_answer"])
    assert len(found.pairs) * 2 + len(found.alone) == 2
