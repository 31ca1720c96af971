"""Every open question as a named choice."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import FrozenInstanceError, fields
from itertools import pairwise
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from handlesfake.mpsd import choices, choices_beside
from handlesfake.mpsd.choices import Choices

HINTS = get_type_hints(Choices)


def docstrings() -> dict[str, str]:
    """Each field of Choices with the text below it."""
    modules = (ast.parse(inspect.getsource(module)) for module in (choices, choices_beside))
    bodies = [node.body for module in modules for node in module.body if isinstance(node, ast.ClassDef)]
    found = {}
    for field, text in (pair for body in bodies for pair in pairwise(body)):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[ast.unparse(field.target)] = str(text.value.value)
    return found


@pytest.mark.parametrize("name", [field.name for field in fields(Choices)])
def test_each_choice_names_its_question(name: str) -> None:
    """A choice says which open question, or which section of the contract, it answers."""
    assert re.search(r"[UMS]\d+|[Ss]ection \d+|[Cc]ontract \d+", docstrings()[name])


@pytest.mark.parametrize("field", fields(Choices), ids=lambda field: field.name)
def test_each_default_is_one_of_the_answers(field: object) -> None:
    """The default of a choice is among what it allows, and there is something else to choose."""
    name, default = field.name, field.default  # type: ignore[attr-defined]  # fields() gives fields
    hint = HINTS[name]
    if get_origin(hint) is Literal:
        assert default in get_args(hint)
        assert len(get_args(hint)) > 1
    else:
        assert isinstance(default, hint)


def test_choices_are_values() -> None:
    """Two doubles may share their choices: no code can change them."""
    with pytest.raises(FrozenInstanceError):
        Choices().invite_to_self = 400  # type: ignore[misc]  # that it is refused is the point

    assert Choices() == Choices(invite_to_self=201)
    assert Choices() != Choices(invite_to_self=400)
