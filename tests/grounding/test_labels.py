"""What a text calls its links."""

from __future__ import annotations

import pytest

from cnaps.grounding._labels import is_generic, labels_of
from cnaps.scanning import scan


@pytest.mark.parametrize(
    "text",
    [
        "GitHub",
        "💻 [GitHub]",
        "Paper 2",
        "",
        "12",
        "https://x.org/SwinIR",
        "See the code:",
        "[cite_start]",
    ],
)
def test_what_names_nothing(text: str) -> None:
    assert is_generic(text)


@pytest.mark.parametrize("text", ["SwinIR", "the rain paper", "papers2go of rain", "雨"])
def test_what_names_something(text: str) -> None:
    assert not is_generic(text)


URL = "https://example.org/1"
LABELS: dict[str, list[str | None]] = {
    # Markdown.
    f"[SwinIR]({URL})": ["SwinIR"],
    f"[**SwinIR**: `a` study]({URL})": ["SwinIR: a study"],
    f"- 🔗 [Rain]({URL})  \n  💻 [GitHub]({URL})": ["Rain", "Rain"],
    f"[Rain]({URL}): [Paper]({URL}) and [Code]({URL})": ["Rain", "Rain", "Rain"],
    f"**Rain** ([Paper]({URL}))": ["Rain"],
    f"[1]: {URL} 'x'": [None],
    f"As [Rain][1] says.\n\n[1]: {URL}": ["Rain"],
    rf"\href{{{URL}}}{{Rain}}": ["Rain"],
    # What is called by a reference, wherever that is defined.
    f"- **Rain** ([paper][1])\n- **Snow** ([paper][2])\n\n[1]: {URL}\n[2]: {URL}": ["Rain", "Snow"],
    f"[1]: {URL}\n\n**Rain** ([paper][1])": ["Rain"],
    # HTML and LaTeX.
    f"<a href=\"{URL}\">Rain</a>, <a class='x' href='{URL}' id=1><b>Snow</b></a>": ["Rain", "Snow"],
    f'<td>Derain-Net</td>\n<td><a href="{URL}">Paper</a></td>': ["Derain-Net"],
    f'<b>Derain-Net</b>: <a href="{URL}">{URL}</a>': ["Derain-Net", "Derain-Net"],
    f'Derain-Net <a href="{URL}"': ["Derain-Net"],
    f"rain <3 snow, Derain-Net {URL}": ["rain <3 snow, Derain-Net"],
    rf"\href{{{URL}}}{{Rain}}, Derain-Net: \url{{{URL}}}": ["Rain", "Derain-Net"],
    rf"\href{{{URL}}}{{Rain}} and \href{{{URL}}}": ["Rain", "Rain"],
    rf"\item \textbf{{Rain}} (\url{{{URL}}})": ["Rain"],
    rf"\item Derain-Net: \url{{{URL}}}": ["Derain-Net"],
    # Emphasis and quotation marks in front.
    f"**Rain** ({URL})": ["Rain"],
    f"1. __Rain__ – {URL}": ["Rain"],
    f"`Rain`: {URL}": ["Rain"],
    f'"Rain", available at {URL}': ["Rain"],
    f"“Rain” [{URL}]({URL})": ["Rain"],
    f"- *Rain* ({URL})": ["Rain"],
    f"***Rain***: {URL}": ["Rain"],
    f"_Rain_, {URL}": ["Rain"],
    f"《Rain》（{URL}）": ["Rain"],
    f"« Rain » {URL}": ["Rain"],
    f"„Rain“ ({URL})": ["Rain"],
    f"*Snow* and _Rain_ ({URL})": ["Rain"],
    f"rain_in_snow ({URL})": [None],
    f"2*3*4, 2 * 3 * ({URL})": [None],
    f"* Rain * {URL}": [None],
    f"**Snow**, **Rain** ({URL})": ["Rain"],
    f"**Rain:** {URL}": [None],
    f"**Rain** takes it out, as here: {URL}": [None],
    f"**Paper:** {URL}": [None],
    # Fields.
    f"- **Model**: Rain\n  - Paper: {URL}\n  - GitHub: {URL}": ["Rain", "Rain"],
    f"* Model: Rain\n    * [cite_start]Paper: {URL} [cite: 5]": ["Rain"],
    f"**Title:** *Rain*\n\n**Link:** {URL}": ["Rain"],
    f"Model: Rain ({URL})": ["Rain"],
    f"Model: {URL}": [None],
    f"Title: Paper 2 ({URL})": [None],
    # Names that are known, wherever they stand.
    f"- Derain-Net: {URL}": ["Derain-Net"],
    f"3. derain net ({URL})": ["derain net"],
    f"| Derain-Net | {URL} |": ["Derain-Net"],
    f"- Other-Net: {URL}": [None],
    # What a link before was called goes on, until a paragraph or much text is between.
    f"**Rain** ({URL}, {URL})": ["Rain", "Rain"],
    f"**Rain** ({URL})\n\n{URL}": ["Rain", None],
    f"**Rain** ({URL}). It builds on this: {URL}": ["Rain", None],
    f"**Rain** ({URL}) {'. ' * 250}{URL}": ["Rain", None],
    f"Derain-Net\n-\n-\n-\n-\n-\n{URL}": [None],
    # What stands behind a link is not about the one in the next line.
    f"- {URL} (Derain-Net)\n- {URL} (Rain)": [None, None],
    f"- {URL}: **Rain**\n- {URL}: **Snow**": [None, None],
    f"- [Paper]({URL}): **Rain**\n\nDerain-Net: {URL}": [None, "Derain-Net"],
    f"{URL} (Derain-Net), {URL} (Rain)": [None, None],
    f"**Rain** ([Paper]({URL}) (2021), [Code]({URL}))": ["Rain", "Rain"],
    # Nor is what stands above a note.
    f"Derain-Net[^1] sees snow[^2].\n\n[^1]: {URL}\n[^2]: {URL}": [None, None],
    f"**Rain** [1]\n\nReferences\n[1] {URL}\n[2] <{URL}>": [None, None],
    f"**Rain** [1]\n\n> - [1] **Snow**, 2021. {URL}": ["Snow"],
    f"**Rain**\n\n[7]: {URL}": [None],
    f"Derain-Net [1] sees snow [2].\n\n**References**\n\n1. {URL}\n2. {URL}": [None, None],
    f"**Rain**\n- References: {URL}": ["Rain"],
    # Other punctuation and line ends.
    f"使用Derain-Net（{URL}）": ["使用Derain-Net"],
    f"《Derain-Net》：{URL}": ["Derain-Net"],
    f"Derain-Net → {URL}": ["Derain-Net"],
    f"'Derain-Net', {URL}": ["Derain-Net"],
    f"- Derain-Net\r\n  - {URL}\r\n\r\n{URL}": ["Derain-Net", None],
    "": [],
    URL: [None],
}


@pytest.mark.parametrize("text", LABELS)
def test_what_links_are_called(text: str) -> None:
    assert labels_of(text, list(scan(text)), ["derain net"]) == LABELS[text]
