"""The targets p_data that can be chosen, each with its parameters; sampled in :mod:`ganstudio.targets`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ganstudio.experiment.array_text import ArrayText
from ganstudio.experiment.painting import MAX_COMMANDS, Extent, PaintCommand
from ganstudio.experiment.setting import Record, setting


class TargetSpec(Record):
    """What every target has: a dimension, 1 or 2."""

    dimension: ClassVar[int] = 2


def _noise(default: float, help: str = "standard deviation of the gaussian noise around the shape") -> float:
    return setting(  # type: ignore[no-any-return]
        default, label="Noise σ", help=help, unit="data units", live=True, gt=0, le=10, log=True, usual="0.01 to 0.2"
    )


def _scale(default: float, label: str = "Radius", help: str = "radius of the shape") -> float:
    return setting(  # type: ignore[no-any-return]
        default, label=label, help=help, unit="data units", live=True, gt=0, le=100, usual="1"
    )


def _count(default: int, label: str, help: str, le: int, ge: int = 1) -> int:
    return setting(default, label=label, help=help, live=True, ge=ge, le=le)  # type: ignore[no-any-return]


class GaussianRing(TargetSpec):
    """K gaussians evenly spaced on a circle: the papers' test of mode coverage."""

    title: ClassVar[str] = "Ring of gaussians"
    formula: ClassVar[str] = r"p(x) = \frac{1}{K}\sum_k N(x;\, r(\cos 2\pi k/K, \sin 2\pi k/K),\, \sigma^2 I)"
    source: ClassVar[str] = "Srivastava et al. 2017 (VEEGAN), K = 8, r = 1, σ = 0.01"
    kind: Literal["gaussian_ring"] = "gaussian_ring"
    count: int = _count(8, "Clusters K", "number of gaussians on the circle", 100)
    radius: float = _scale(1.0, help="radius of the circle on which the centres lie")
    sigma: float = _noise(0.01, "standard deviation of each gaussian")


class GaussianGrid(TargetSpec):
    """K × K gaussians on a square grid."""

    title: ClassVar[str] = "Grid of gaussians"
    formula: ClassVar[str] = r"p(x) = \frac{1}{K^2}\sum_{ij} N(x;\, s\,(i, j),\, \sigma^2 I)"
    source: ClassVar[str] = "Srivastava et al. 2017 (VEEGAN), K = 5, spacing 2, σ = 0.05"
    kind: Literal["gaussian_grid"] = "gaussian_grid"
    count: int = _count(5, "Clusters a side K", "the grid has K × K gaussians", 20)
    spacing: float = _scale(2.0, "Spacing", "distance between neighbouring centres")
    sigma: float = _noise(0.05, "standard deviation of each gaussian")


class Line(TargetSpec):
    """Points along a slanted line segment (GAN Lab's line)."""

    title: ClassVar[str] = "Line"
    source: ClassVar[str] = "Kahng et al. 2018 (GAN Lab)"
    kind: Literal["line"] = "line"
    length: float = _scale(2.2, "Length", "length of the segment")
    angle: float = setting(25.0, label="Angle", help="angle to the x axis", unit="degrees", live=True, ge=-180, le=180)
    sigma: float = _noise(0.05)


class TwoGaussians(TargetSpec):
    """Two gaussians of different shape (GAN Lab's gaussians)."""

    title: ClassVar[str] = "Two gaussians"
    source: ClassVar[str] = "Kahng et al. 2018 (GAN Lab)"
    kind: Literal["two_gaussians"] = "two_gaussians"
    distance: float = _scale(1.4, "Distance", "distance between the two centres")
    sigma: float = _noise(0.18, "standard deviation of the round gaussian")
    elongation: float = setting(
        2.5, label="Elongation", help="long over short axis of the other gaussian", live=True, ge=1, le=20
    )
    weight: float = setting(
        0.5, label="Mass of the first", help="share of the mass in the round gaussian", live=True, gt=0, lt=1
    )


class DisjointClusters(TargetSpec):
    """Three clusters far from each other (GAN Lab's disjoint)."""

    title: ClassVar[str] = "Disjoint clusters"
    source: ClassVar[str] = "Kahng et al. 2018 (GAN Lab)"
    kind: Literal["disjoint"] = "disjoint"
    count: int = _count(3, "Clusters", "number of clusters", 12, ge=2)
    radius: float = _scale(1.0, help="distance of the clusters from the middle")
    sigma: float = _noise(0.1, "standard deviation of each cluster")


class Gaussian(TargetSpec):
    """One gaussian, possibly stretched and turned."""

    title: ClassVar[str] = "Gaussian"
    kind: Literal["gaussian"] = "gaussian"
    sigma: float = _noise(0.4, "standard deviation along the short axis")
    elongation: float = setting(1.0, label="Elongation", help="long over short axis", live=True, ge=1, le=20)
    angle: float = setting(
        30.0, label="Angle", help="angle of the long axis to the x axis", unit="degrees", live=True, ge=-180, le=180
    )


class Moons(TargetSpec):
    """Two interleaved half circles."""

    title: ClassVar[str] = "Moons"
    kind: Literal["moons"] = "moons"
    radius: float = _scale(0.8)
    sigma: float = _noise(0.06)


class Circles(TargetSpec):
    """Concentric circles."""

    title: ClassVar[str] = "Circles"
    kind: Literal["circles"] = "circles"
    count: int = _count(2, "Circles", "number of concentric circles", 6)
    radius: float = _scale(1.1, "Outer radius", "radius of the outermost circle")
    sigma: float = _noise(0.05)


class Spirals(TargetSpec):
    """Interleaved spiral arms."""

    title: ClassVar[str] = "Spirals"
    kind: Literal["spirals"] = "spirals"
    arms: int = _count(2, "Arms", "number of spiral arms", 6)
    turns: float = setting(1.25, label="Turns", help="turns of each arm", live=True, ge=0.25, le=5)
    radius: float = _scale(1.2, "Outer radius", "radius at which the arms end")
    sigma: float = _noise(0.04)


class SwissRoll(TargetSpec):
    """A rolled-up sheet seen from its end: one widening spiral."""

    title: ClassVar[str] = "Swiss roll"
    kind: Literal["swiss_roll"] = "swiss_roll"
    turns: float = setting(1.5, label="Turns", help="turns of the roll", live=True, ge=0.5, le=5)
    radius: float = _scale(1.2, "Outer radius", "radius at which the roll ends")
    sigma: float = _noise(0.04)


class Checkerboard(TargetSpec):
    """Uniform on the dark squares of a board: sharp edges and touching corners."""

    title: ClassVar[str] = "Checkerboard"
    kind: Literal["checkerboard"] = "checkerboard"
    count: int = _count(4, "Squares a side", "number of squares along each side", 12, ge=2)
    size: float = _scale(2.4, "Side", "side of the board")


class Pinwheel(TargetSpec):
    """Curved blades around the middle."""

    title: ClassVar[str] = "Pinwheel"
    formula: ClassVar[str] = (
        r"x = R(\theta(|f|) + 2\pi k/K)\, f,\; f \sim N((r, 0), \mathrm{diag}(s^2, \sigma^2)),\; \theta(|f|) = t\,|f|/r"
    )
    source: ClassVar[str] = "Johnson et al. 2016"
    kind: Literal["pinwheel"] = "pinwheel"
    arms: int = _count(5, "Blades", "number of blades", 12, ge=2)
    radius: float = _scale(0.9, "Radius", "distance of the middle of the blades")
    twist: float = setting(
        1.4,
        label="Twist",
        help="how far a blade turns over one radius of distance",
        unit="radians",
        live=True,
        ge=0,
        le=10,
    )
    spread: float = setting(
        0.25,
        label="Blade length σ",
        help="standard deviation along a blade",
        unit="data units",
        live=True,
        gt=0,
        le=100,
    )
    sigma: float = _noise(0.06, "spread across a blade")


class Annulus(TargetSpec):
    """Uniform on a ring between two radii (GAN Lab's ring)."""

    title: ClassVar[str] = "Ring"
    source: ClassVar[str] = "Kahng et al. 2018 (GAN Lab)"
    kind: Literal["annulus"] = "annulus"
    inner: float = setting(
        0.8, label="Inner radius", help="radius at which the ring begins", unit="data units", live=True, ge=0, le=100
    )
    outer: float = _scale(1.1, "Outer radius", "radius at which the ring ends")

    @model_validator(mode="after")
    def _inner_is_inside(self) -> Self:
        if self.inner >= self.outer:
            raise ValueError("inner must be below outer")
        return self


class Text(TargetSpec):
    """Letters as density: the ink of a word, uniformly."""

    title: ClassVar[str] = "Letters"
    kind: Literal["text"] = "text"
    text: str = setting("GAN", label="Text", help="what to write", live=True, min_length=1, max_length=24)
    size: float = _scale(2.6, "Width", "width of the written text, or its height where that is larger")
    sigma: float = _noise(0.02, "blur of the letters' edges")


class Painting(TargetSpec):
    """A density painted on the stage: a raster, exact in every cell."""

    title: ClassVar[str] = "Painting"
    kind: Literal["painting"] = "painting"
    extent: Extent = Extent()
    cells: int = setting(256, label="Cells a side", help="resolution of the painted raster", ge=16, le=512)
    commands: tuple[PaintCommand, ...] = Field(
        default=(),
        title="Strokes",
        description="what was painted",
        max_length=MAX_COMMANDS,
        json_schema_extra={"live": True},
    )


class Points(TargetSpec):
    """Points from a file; the distribution is the points, each with a little noise."""

    title: ClassVar[str] = "Points from a file"
    kind: Literal["points"] = "points"
    name: str = Field(default="points", max_length=255, title="Name", description="the file the points came from")
    columns: tuple[str, ...] = Field(
        default=(), max_length=2, title="Columns", description="the columns that were chosen"
    )
    points: ArrayText  #: (n, 2) float32
    sigma: float = setting(
        0.0,
        label="Noise σ",
        help="gaussian noise added to each drawn point; 0 repeats the points",
        unit="data units",
        live=True,
        ge=0,
        le=100,
    )

    @model_validator(mode="after")
    def _are_points(self) -> Self:
        _check_points(self.points, 2)
        return self


class Gaussian1D(TargetSpec):
    """One gaussian on the line."""

    title: ClassVar[str] = "Gaussian (1-D)"
    formula: ClassVar[str] = r"p(x) = N(x;\, \mu, \sigma^2)"
    dimension: ClassVar[int] = 1
    kind: Literal["gaussian_1d"] = "gaussian_1d"
    mean: float = setting(0.5, label="Mean μ", help="centre of the gaussian", live=True, ge=-100, le=100)
    sigma: float = _noise(0.35, "standard deviation")


class Mixture1D(TargetSpec):
    """Evenly spaced gaussians on the line."""

    title: ClassVar[str] = "Mixture (1-D)"
    dimension: ClassVar[int] = 1
    kind: Literal["mixture_1d"] = "mixture_1d"
    count: int = _count(3, "Clusters K", "number of gaussians", 20)
    spacing: float = _scale(1.2, "Spacing", "distance between neighbouring centres")
    sigma: float = _noise(0.15, "standard deviation of each gaussian")


class Uniform1D(TargetSpec):
    """Uniform on an interval."""

    title: ClassVar[str] = "Uniform (1-D)"
    dimension: ClassVar[int] = 1
    kind: Literal["uniform_1d"] = "uniform_1d"
    low: float = setting(-1.0, label="From", help="lower end of the interval", live=True, ge=-100, le=100)
    high: float = setting(1.0, label="To", help="upper end of the interval", live=True, ge=-100, le=100)

    @model_validator(mode="after")
    def _is_an_interval(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


class Painting1D(TargetSpec):
    """A density curve drawn by hand."""

    title: ClassVar[str] = "Painting (1-D)"
    dimension: ClassVar[int] = 1
    kind: Literal["painting_1d"] = "painting_1d"
    extent: Extent = Extent(x_min=-3, x_max=3, y_min=0, y_max=1)
    cells: int = setting(512, label="Cells", help="resolution of the drawn curve", ge=16, le=4096)
    commands: tuple[PaintCommand, ...] = Field(
        default=(),
        title="Strokes",
        description="what was drawn",
        max_length=MAX_COMMANDS,
        json_schema_extra={"live": True},
    )


class Points1D(TargetSpec):
    """Numbers from a file; the distribution is the numbers, each with a little noise."""

    title: ClassVar[str] = "Numbers from a file (1-D)"
    dimension: ClassVar[int] = 1
    kind: Literal["points_1d"] = "points_1d"
    name: str = Field(default="points", max_length=255, title="Name", description="the file the numbers came from")
    columns: tuple[str, ...] = Field(default=(), max_length=1, title="Column", description="the column that was chosen")
    points: ArrayText  #: (n, 1) float32
    sigma: float = setting(
        0.0,
        label="Noise σ",
        help="gaussian noise added to each drawn number; 0 repeats them",
        unit="data units",
        live=True,
        ge=0,
        le=100,
    )

    @model_validator(mode="after")
    def _are_numbers(self) -> Self:
        _check_points(self.points, 1)
        return self


MAX_FILE_POINTS = 200_000


def _check_points(points: ArrayText, dimension: int) -> None:
    if points.dtype != "float32" or len(points.shape) != 2 or points.shape[1] != dimension:
        raise ValueError(f"points must be float32 of shape (n, {dimension})")
    if not 2 <= points.shape[0] <= MAX_FILE_POINTS:
        raise ValueError(f"needs 2 to {MAX_FILE_POINTS} points, not {points.shape[0]}")
    values = points.array()
    if not bool((abs(values) <= 1e6).all()):  # false for NaN as well
        raise ValueError("points must be finite and within ±1,000,000")


Target = Annotated[
    GaussianRing
    | GaussianGrid
    | Line
    | TwoGaussians
    | DisjointClusters
    | Gaussian
    | Moons
    | Circles
    | Spirals
    | SwissRoll
    | Checkerboard
    | Pinwheel
    | Annulus
    | Text
    | Painting
    | Points
    | Gaussian1D
    | Mixture1D
    | Uniform1D
    | Painting1D
    | Points1D,
    Field(discriminator="kind"),
]
