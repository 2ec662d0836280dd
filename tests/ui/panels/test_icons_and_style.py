from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from ganstudio import shipped
from ganstudio.ui import icons
from ganstudio.ui.icons import icon
from ganstudio.ui.style import checked, contrast, hover, mixed, pressed, stylesheet
from ganstudio.ui.theme import DARK, LIGHT, Theme, ThemeController

NEEDED = (
    "app", "play", "pause", "step", "step-d", "step-g", "restart", "seed", "stop-conditions", "speed",
    "theme-light", "theme-dark", "open", "save", "export", "undo", "redo", "settings", "layers", "fit", "pan",
    "brush", "spray", "eraser", "line", "rectangle", "ellipse", "polygon", "blob", "select", "clear", "fill",
    "curve", "chevron-right", "chevron-down", "warning", "info", "close", "more", "target", "network",
    "objective", "optimizer", "run",
)  # fmt: skip


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x, y in product(range(image.width()), range(image.height()))
        if image.pixelColor(x, y).alpha() == 255
    }


def test_every_icon_that_is_needed_ships():
    assert set(NEEDED) <= icons.names()


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_an_icon_is_drawn_in_the_colours_of_its_theme(qapp: QApplication, name: str, theme: Theme):
    drawn = icon(name, theme)
    normal = colours(drawn.pixmap(QSize(24, 24), 2.0).toImage())
    on = colours(drawn.pixmap(QSize(24, 24), 2.0, QIcon.Mode.Normal, QIcon.State.On).toImage())
    if name == "app":
        assert len(normal) > 3
    else:
        assert theme.text in normal
        assert theme.accent in on


def test_a_disabled_icon_is_fainter(qapp: QApplication):
    def opacity(mode: QIcon.Mode) -> int:
        image = icon("play", LIGHT).pixmap(QSize(24, 24), 1.0, mode).toImage()
        return max(image.pixelColor(x, y).alpha() for x, y in product(range(24), range(24)))

    assert opacity(QIcon.Mode.Disabled) < 0.6 * opacity(QIcon.Mode.Normal)


def test_an_icon_is_sharp_at_two_pixels_a_point(qapp: QApplication):
    assert icon("fit", DARK).pixmap(QSize(16, 16), 2.0).size() == QSize(32, 32)


def test_an_icon_is_sharp_at_every_size(qapp: QApplication):
    assert icon("fit", DARK).pixmap(QSize(37, 37), 1.0).size() == QSize(37, 37)


def test_an_icon_stands_in_the_middle_of_the_room_it_is_given(qapp: QApplication):
    canvas = QPixmap(60, 20)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    icon("fit", LIGHT).paint(painter, QRect(0, 0, 60, 20))
    painter.end()
    image = canvas.toImage()
    drawn = [x for x, y in product(range(60), range(20)) if image.pixelColor(x, y).alpha()]
    assert 20 <= min(drawn) < 24
    assert 36 <= max(drawn) < 40


def test_the_system_is_offered_sizes_of_the_program_s_mark(qapp: QApplication):
    assert QSize(256, 256) in icon("app", LIGHT).availableSizes()


def test_a_copy_of_an_icon_is_drawn_as_the_icon_is(qapp: QApplication):
    copied = QIcon(icon("save", LIGHT))
    assert colours(copied.pixmap(QSize(24, 24), 2.0).toImage()) == colours(
        icon("save", LIGHT).pixmap(QSize(24, 24), 2.0).toImage()
    )


def test_an_icon_is_made_once(qapp: QApplication):
    assert icon("save", DARK) is icon("save", DARK)


def test_an_unknown_icon_is_a_key_error_that_names_it(qapp: QApplication):
    with pytest.raises(KeyError, match="no icon 'unicorn'"):
        icon("unicorn", LIGHT)


@pytest.mark.parametrize("name", sorted(icons.names() - {"app"}))
def test_all_icons_are_drawn_alike(name: str):
    root = ET.parse(shipped.directory("icons") / f"{name}.svg").getroot()  # noqa: S314  # our own files
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.75"
    assert not re.search(r"#[0-9a-fA-F]{3,6}", ET.tostring(root, "unicode")), "a colour that no theme can change"


@pytest.mark.parametrize(
    ("theme", "glyph", "colour"),
    [
        (theme, glyph, colour)
        for theme in (LIGHT, DARK)
        for glyph, colour in (
            ("check", theme.accent_text),
            ("chevron-down", theme.muted),
            ("chevron-up", theme.muted),
        )
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_pictures_of_the_style_sheet_have_the_colours_of_the_theme(theme: Theme, glyph: str, colour: str):
    text = (shipped.directory("icons") / "style" / f"{glyph}-{theme.name}.svg").read_text()
    assert f'stroke="{colour}"' in text


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_all_text_can_be_read_on_what_it_stands_on(theme: Theme):
    grounds = [theme.window, theme.surface, theme.raised, hover(theme), checked(theme)]
    pairs = [(ink, ground) for ink in (theme.text, theme.muted, theme.error) for ground in grounds]
    pairs += [(theme.text, pressed(theme)), (theme.accent_text, theme.accent)]
    pairs += [(theme.accent_text, mixed(theme.accent, theme.text, 0.15))]
    pairs += [(ink, ground) for ink in (theme.warning, theme.success) for ground in (theme.window, theme.surface)]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_focus_ring_can_be_seen(theme: Theme):
    # WCAG 2.1, 1.4.11: what marks a state needs 3 : 1.
    assert min(contrast(theme.accent, ground) for ground in (theme.window, theme.surface, theme.raised)) >= 3


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_style_sheet_is_complete_and_names_files_that_exist(theme: Theme):
    sheet = stylesheet(theme)
    assert "$" not in sheet
    used = re.findall(r'url\("([^"]+)"\)', sheet)
    assert used
    for path in used:
        assert QImage(path).size().isEmpty() is False


def test_choosing_a_theme_restyles_the_application(qapp: QApplication):
    controller = ThemeController(qapp, "light")
    try:
        controller.set_mode("dark")
        assert qapp.styleSheet() == stylesheet(DARK)
        assert qapp.palette().window().color().name() == DARK.window
    finally:
        qapp.setStyleSheet("")
        controller.deleteLater()
