"""What a user is told is a sentence, with or without the file and the field it is about."""

from __future__ import annotations

import pytest

from ganstudio.errors import UserError


@pytest.mark.parametrize(
    ("message", "file", "field", "text"),
    [
        ("is cut off; use another copy", "a.gans", None, "a.gans is cut off; use another copy"),
        ("must be a number", "a.gans", "format", "a.gans: format must be a number"),
        ("has 3 columns", None, "points", "points has 3 columns"),
        ("there are no points", "a.csv", None, "a.csv: there are no points"),
        ("isosceles", "a.csv", None, "a.csv: isosceles"),
        ("is nothing", None, None, "is nothing"),
    ],
)
def test_a_message_that_says_something_of_its_file_or_field_makes_a_sentence_with_it(
    message: str, file: str | None, field: str | None, text: str
) -> None:
    assert str(UserError(message, file=file, field=field)) == text
