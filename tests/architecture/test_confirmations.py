"""What cannot be taken back is asked about before it is sent."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import nodes

from tests.architecture.test_templates import parsed, source_of

ACTS = (
    ("app/certificates/desk/correct.html", "/desk/certificates/{}/correction"),
    ("app/certificates/desk/keys.html", "/desk/certificates/keys/proposals/{}/approval"),
    ("app/sheets/ledger.html", "/desk/sheets/{}/amendments/{}/confirm"),
    ("app/sheets/ledger.html", "/desk/sheets/{}/lock"),
    ("assessments/grading/overview.html", "/desk/assessments/{}/step"),
    ("assessments/grading/results.html", "/desk/assessments/{}/publication"),
    ("assessments/specifications/desk_specification.html", "{}/step"),
    ("competitions/draw/draw.html", "/desk/events/{}/draw"),
    ("competitions/results/competition.html", "/desk/competitions/{}/step"),
    ("competitions/results/results.html", "{}/publication"),
    ("competitions/results/results.html", "{}/unsealing"),
    ("competitions/scoring/marking.html", "/desk/events/{}/marking"),
    ("components/issuing.html", "{}"),
)
"""Each act that nobody can take back: the template that offers it, and its address."""
FORM = re.compile(r'<form\b[^>]*?\baction="(?P<address>[^"]*)"(?P<rest>[^>]*)>')
BLANK = re.compile(r"\{\{.*?\}\}|%[ds]")


def acts_of(name: str) -> Iterator[tuple[str, bool]]:
    """List where the forms of a template go, and whether each asks first."""
    for call in parsed(name).find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr in {"act", "open"} and call.args:
            asks = any(keyword.key == "confirm" for keyword in call.kwargs)
            yield address_of(call.args[0]), asks
    for form in FORM.finditer(source_of(name)):
        yield BLANK.sub("{}", form["address"]), "data-confirm" in form["rest"]


def address_of(node: nodes.Node) -> str:
    """Write an expression as an address, a blank for each thing that is filled in."""
    if isinstance(node, nodes.Const):
        return BLANK.sub("{}", str(node.value))
    if isinstance(node, nodes.Concat):
        return "".join(address_of(part) for part in node.nodes)
    if isinstance(node, nodes.Filter) and node.name == "format" and node.node:
        return address_of(node.node)
    return "{}"


@pytest.mark.parametrize(("name", "address"), ACTS)
def test_asks_before_what_cannot_be_taken_back(name: str, address: str) -> None:
    asked = [asks for goes_to, asks in acts_of(name) if goes_to == address]

    assert asked
    assert all(asked)
