"""What a scroll area shows that gives it its own width: a column of texts that are higher the narrower they are."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget


class ScrollContent(QWidget):
    """As high as it is at the width it has.

    A resizable scroll area takes the larger of that and of the minimum that the layout adds up from hints, which are
    made before any width is known: with wrapped texts one could scroll into empty space below the last of them.
    """

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)
