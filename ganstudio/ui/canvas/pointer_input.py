"""Mouse, pen and keys on the stage: moves the view, or turns into pointer events for the present tool."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTabletEvent, QWheelEvent

from ganstudio.experiment.painting import PaintCommand
from ganstudio.ui.canvas.stage_view import ZOOM_STEP, StageView
from ganstudio.ui.canvas.tool import Pointer, Tool

REACH = 9
"""Pixels within which a handle is hit."""
WHEEL_NOTCH = 120.0


class PointerInput(QObject):
    """Watches the view's viewport and takes every pointer event there.

    Every event is passed on as it comes, and work is only noted (``gesture_moved``): so a fast stroke loses no point
    however long a repaint takes. A gesture ends where the button goes up, on the canvas or off it, and where the
    window loses the mouse; a second button, or Esc, gives it up.
    """

    hovered = Signal(float, float)  # data coordinates
    left = Signal()
    gesture_moved = Signal()
    gesture_ended = Signal(object)  # PaintCommand | None
    size_steps = Signal(float)

    def __init__(self, view: StageView, to_canvas: Callable[[float, float], tuple[float, float]]) -> None:
        """``to_canvas`` takes data coordinates to those of the canvas that is painted on."""
        super().__init__(view)
        self._view = view
        self._to_canvas = to_canvas
        self._tool: Tool | None = None
        self._down = False
        self._given_up = False
        self._last = Pointer(0.0, 0.0)
        self._panning_from: QPointF | None = None
        self._handlers: dict[QEvent.Type, Callable[[QEvent], bool]] = {
            QEvent.Type.MouseButtonPress: self._mouse_pressed,
            QEvent.Type.MouseButtonDblClick: self._mouse_double_clicked,
            QEvent.Type.MouseMove: self._mouse_moved,
            QEvent.Type.MouseButtonRelease: self._mouse_released,
            QEvent.Type.TabletPress: self._pen_pressed,
            QEvent.Type.TabletMove: self._pen_moved,
            QEvent.Type.TabletRelease: self._pen_released,
            QEvent.Type.Wheel: self._wheel_turned,
            QEvent.Type.Leave: self._pointer_left,
            QEvent.Type.ContextMenu: lambda _: True,
            QEvent.Type.KeyPress: self._key_pressed,
            QEvent.Type.FocusOut: self._mouse_lost,
            QEvent.Type.UngrabMouse: self._mouse_lost,
            QEvent.Type.WindowDeactivate: self._mouse_lost,
            QEvent.Type.Hide: self._mouse_lost,
        }
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    @property
    def tool(self) -> Tool | None:
        """The tool that gets the events; None looks around."""
        return self._tool

    @property
    def busy(self) -> bool:
        """Whether a gesture is unfinished."""
        return self._tool is not None and self._tool.busy

    @property
    def position(self) -> Pointer:
        """Where the pointer was last."""
        return self._last

    def set_tool(self, tool: Tool | None) -> None:
        """Change the tool; an unfinished gesture of the old one is given up."""
        self.cancel()
        self._tool = tool
        self.gesture_moved.emit()

    def cancel(self) -> None:
        """Give up what is unfinished."""
        if self._tool is None:
            return
        was_busy = self._tool.busy
        self._given_up = self._down
        self._tool.cancel()
        self.gesture_moved.emit()
        if was_busy:
            self.gesture_ended.emit(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        handler = self._handlers.get(event.type())
        if handler is None:
            return False
        on_viewport = watched is self._view.viewport()
        of_view = event.type() in (QEvent.Type.KeyPress, QEvent.Type.FocusOut, QEvent.Type.WindowDeactivate)
        return handler(event) if on_viewport != of_view else False

    # The mouse.

    def _mouse_pressed(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)  # noqa: S101  # by its type
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._down or self._panning_from is not None:
            self.cancel()
            return True
        over = self._view.is_over_plot(event.position())
        pans = event.button() == Qt.MouseButton.MiddleButton or self._tool is None
        if over and pans and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._panning_from = event.position()
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif over and event.button() == Qt.MouseButton.LeftButton:
            self._press(self._pointer(event.position(), event.modifiers()))
        elif event.button() == Qt.MouseButton.RightButton:
            self.cancel()
        return True

    def _mouse_double_clicked(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)  # noqa: S101
        # The second press of a double click ends a gesture of several clicks; for other tools it is a press like any.
        if (
            event.button() == Qt.MouseButton.LeftButton
            and self._tool is not None
            and self._tool.busy
            and self.confirm()
        ):
            return True
        return self._mouse_pressed(event)

    def _mouse_moved(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)  # noqa: S101
        if self._panning_from is not None:
            before, now = (self._view.data_position(at) for at in (self._panning_from, event.position()))
            self._view.pan(before - now)
            self._panning_from = event.position()
        if self._down and not event.buttons() & Qt.MouseButton.LeftButton:  # the release was swallowed elsewhere
            self._mouse_lost(event)
        self._move(self._pointer(event.position(), event.modifiers()), event.position())
        return True

    def _mouse_released(self, event: QEvent) -> bool:
        assert isinstance(event, QMouseEvent)  # noqa: S101
        if self._panning_from is not None and event.button() in (
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.MiddleButton,
        ):
            self._panning_from = None
            self._view.viewport().unsetCursor()
            self.gesture_moved.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._release(self._pointer(event.position(), event.modifiers()))
        return True

    def _wheel_turned(self, event: QEvent) -> bool:
        assert isinstance(event, QWheelEvent)  # noqa: S101
        notches = (event.angleDelta().y() or event.angleDelta().x()) / WHEEL_NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.size_steps.emit(notches)
        elif self._view.is_over_plot(event.position()):
            self._view.zoom(ZOOM_STEP**-notches, self._view.data_position(event.position()))
            self.gesture_moved.emit()
        return True

    def _pointer_left(self, event: QEvent) -> bool:
        self.left.emit()
        return False

    def _mouse_lost(self, event: QEvent) -> bool:
        self._panning_from = None
        if self._down:
            self._release(self._last)
        return False

    # The pen. Touch comes as mouse events, which Qt makes of it.

    def _pen_pressed(self, event: QEvent) -> bool:
        assert isinstance(event, QTabletEvent)  # noqa: S101
        if self._tool is None or event.button() != Qt.MouseButton.LeftButton:
            return False  # and comes again as a mouse event
        event.accept()
        if self._view.is_over_plot(event.position()):
            self._press(self._pointer(event.position(), event.modifiers(), event.pressure()))
        return True

    def _pen_moved(self, event: QEvent) -> bool:
        assert isinstance(event, QTabletEvent)  # noqa: S101
        if not self._down:
            return False
        event.accept()
        self._move(self._pointer(event.position(), event.modifiers(), event.pressure()), event.position())
        return True

    def _pen_released(self, event: QEvent) -> bool:
        assert isinstance(event, QTabletEvent)  # noqa: S101
        if not self._down:
            return False
        event.accept()
        self._release(self._pointer(event.position(), event.modifiers(), 0.0))
        return True

    # Keys and focus.

    def _key_pressed(self, event: QEvent) -> bool:
        assert isinstance(event, QKeyEvent)  # noqa: S101
        if event.key() == Qt.Key.Key_Escape and self._tool is not None:
            self.cancel()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._tool is not None:
            return self.confirm()
        return False

    # Gestures.

    def confirm(self) -> bool:
        """End a gesture of several presses; whether there was one to end."""
        command = self._tool.confirm() if self._tool is not None else None
        if command is None:
            return False
        self._end(command)
        return True

    def _press(self, pointer: Pointer) -> None:
        if self._tool is None:
            return
        self._down, self._given_up, self._last = True, False, pointer
        self._after(self._tool.press(pointer))

    def _move(self, pointer: Pointer, position: QPointF) -> None:
        self._last = pointer
        if self._tool is not None and not self._given_up:
            self._tool.move(pointer)
        self.gesture_moved.emit()
        if self._view.is_over_plot(position):
            data = self._view.data_position(position)
            self.hovered.emit(data.x(), data.y())
        else:
            self.left.emit()

    def _release(self, pointer: Pointer) -> None:
        was_down, self._down = self._down, False
        self._last = pointer
        if was_down and self._tool is not None and not self._given_up:
            self._after(self._tool.release(pointer), ended=not self._tool.busy)
        self._given_up = False

    def _after(self, command: PaintCommand | None, *, ended: bool = False) -> None:
        if command is not None or ended:
            self._end(command)
        else:
            self.gesture_moved.emit()

    def _end(self, command: PaintCommand | None) -> None:
        self.gesture_ended.emit(command)
        self.gesture_moved.emit()

    def _pointer(self, position: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Pointer:
        data = self._view.data_position(position)
        x, y = self._to_canvas(data.x(), data.y())
        return Pointer(
            x,
            y,
            pressure,
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier),
            reach=REACH * max(self._view.pixel),
        )
