"""The text of a lesson: Markdown as Qt shows it, with the subscripts of the field where they are written p_data."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QSizePolicy

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_SUBSCRIPT = re.compile(r"\b([pLEθ])_(data|g|z|x|G|D)\b")
_PARAGRAPH = re.compile(r"<p style=\"[^\"]*\"")


class Wrapped(QLabel):
    """Text of any length that takes the height it needs at the width it has."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """One line. Qt guesses the height at some width, which a scroll area takes for the least there can be."""
        return QSize(0, self.fontMetrics().height())


class Prose(Wrapped):
    """Formatted text that can be selected; its links, all https, open in the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setOpenExternalLinks(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)

    def show_markdown(self, text: str) -> None:
        """Show this; nothing where it is empty."""
        self.setVisible(bool(text))
        self.setText(html_of(text))


def html_of(markdown: str) -> str:
    """The Markdown as the body of Qt's HTML."""
    document = QTextDocument()
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownNoHTML)
    found = _BODY.search(document.toHtml())
    body = found[1].strip() if found else ""
    body = _PARAGRAPH.sub('<p style="margin-top: 0; margin-bottom: 8px; line-height: 112%"', body)
    return _SUBSCRIPT.sub(r"<i>\1</i><sub>\2</sub>", body)
