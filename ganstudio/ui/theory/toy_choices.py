"""What can be chosen of a toy game, as tables; and a toy with one choice changed. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ganstudio.messages.toys import BilinearGame, DiracGan, Rule, Toy, ToyObjective


@dataclass(frozen=True)
class Choice:
    """A word of a record, what people read, and what it means."""

    value: str
    title: str
    help: str


BILINEAR = "bilinear"

_DIRAC: dict[ToyObjective, tuple[str, str]] = {
    "minimax": ("Minimax", "Dirac-GAN: p_data = δ₀, p_g = δ_θ, D(x) = −ψx, with log D"),
    "non_saturating": ("Non-saturating", "Dirac-GAN with the non-saturating loss −log D of G"),
    "least_squares": ("Least squares", "Dirac-GAN with squared errors"),
    "hinge": ("Hinge", "Dirac-GAN with the hinge loss"),
    "wasserstein": ("Wasserstein", "Dirac-GAN with D as a critic: the same field as the bilinear game's"),
}
GAMES: tuple[Choice, ...] = (
    *(Choice(objective, title, help) for objective, (title, help) in _DIRAC.items()),
    Choice(BILINEAR, "Bilinear xy", "min over x, max over y of xy: the core of every game that circles"),
)

_RULES: dict[Rule, tuple[str, str]] = {
    "simultaneous": ("Simultaneous", "w ← w + h v(w): both players move from where they stand"),
    "alternating": ("Alternating, G first", "θ moves, then ψ sees where it went"),
    "discriminator_first": ("Alternating, D first", "ψ moves, then θ: an iteration of this program"),
    "extragradient": ("Extragradient", "w ← w + h v(w + h v(w)): the gradient found one step ahead"),
    "optimistic": ("Optimistic", "w ← w + 2h v(w_t) − h v(w_{t−1})"),
}
RULES: tuple[Choice, ...] = tuple(Choice(rule, title, help) for rule, (title, help) in _RULES.items())


@dataclass(frozen=True)
class Penalty(Choice):
    """Something that is added to the game: what its number is called, and a usual one."""

    number: str
    usual: float


NONE = Penalty("none", "No penalty", "The game as it is", "", 0.0)
CONSENSUS = "consensus"
PENALTIES: tuple[Penalty, ...] = (
    NONE,
    Penalty("r1", "R1", "γ/2 · |∇D|² on real samples: converges", "γ", 1.0),
    Penalty("r2", "R2", "γ/2 · |∇D|² on generated samples: converges", "γ", 1.0),
    Penalty("wgan_gp", "WGAN-GP", "λ (|∇D| − 1)²: its kink keeps the game circling", "λ", 0.35),
    Penalty("weight_clipping", "Weight clipping", "|ψ| is cut off: the game runs along the edge", "c", 1.0),
    Penalty("instance_noise", "Instance noise", "Normal noise on both sides: converges", "σ", 0.7),
    Penalty(CONSENSUS, "Consensus", "−γ ∇½‖v‖², followed by both players: converges", "γ", 1.0),
)
BY_NAME = {penalty.value: penalty for penalty in PENALTIES}


@dataclass(frozen=True)
class Preset:
    """A toy of the published tables. A ``rule`` of None keeps the one that is chosen."""

    title: str
    help: str
    toy: Toy
    rule: Rule | None = None


def _dirac(title: str, help: str, game: DiracGan, consensus: float = 0.0) -> Preset:
    return Preset(title, help, Toy(game, consensus=consensus))


def _bilinear(rule: Rule, factor: str) -> Preset:
    help = f"Factor of the norm per iteration, with step size 0.1: {factor}"
    return Preset(f"Bilinear game, {rule}", help, Toy(BilinearGame(), rule, 0.1), rule)


_NORMS = "‖(θ, ψ)‖ after 500 iterations with h = 0.2 from (1, 1), simultaneous / alternating: "
PRESETS: tuple[Preset, ...] = (
    _dirac("GAN", f"{_NORMS}3.10 / 1.42. It circles.", DiracGan()),
    _dirac("Non-saturating GAN", f"{_NORMS}0.640 / 0.284. Too slow to converge.", DiracGan("non_saturating")),
    _dirac("WGAN, clipped", f"{_NORMS}1.00 / 1.02. It circles.", DiracGan("wasserstein", weight_clipping=1.0)),
    _dirac("WGAN-GP", f"{_NORMS}1.80 / 1.22. It circles.", DiracGan("wasserstein", wgan_gp=0.35)),
    _dirac(
        "GAN + instance noise",
        f"{_NORMS}5.7e-5 / 4.0e-6 with the noise averaged over exactly, as here; .018 / .016 where it is drawn.",
        DiracGan(instance_noise=0.7),
    ),
    _dirac("GAN + R1", f"{_NORMS}9.5e-22 / 7.5e-17. It converges.", DiracGan(r1=1.0)),
    _dirac("GAN, consensus", f"{_NORMS}2.6e-10 / 1.7e-11. It converges.", DiracGan(), consensus=1.0),
    _bilinear("simultaneous", "1.004988. It spirals out."),
    _bilinear("extragradient", "0.995038. It converges."),
    _bilinear("optimistic", "0.994936. It converges."),
)


def with_preset(toy: Toy, preset: Preset) -> Toy:
    """The preset's toy, by the rule of ``toy`` where it names none itself."""
    return replace(preset.toy, rule=preset.rule or toy.rule)


def preset_of(toy: Toy) -> int | None:
    """The index of the preset that this is, whatever its rule where the preset names none."""
    return next((at for at, preset in enumerate(PRESETS) if with_preset(toy, preset) == toy), None)


def game_of(toy: Toy) -> str:
    """The value of its game in ``GAMES``."""
    return toy.game.objective if isinstance(toy.game, DiracGan) else BILINEAR


def with_game(toy: Toy, game: str) -> Toy:
    """The same penalty in another game; the bilinear one has no D that could be penalised but by consensus."""
    if game == BILINEAR:
        return replace(toy, game=BilinearGame())
    objective = next(known for known in _DIRAC if known == game)
    dirac = toy.game if isinstance(toy.game, DiracGan) else DiracGan()
    return replace(toy, game=replace(dirac, objective=objective))


def penalty_of(toy: Toy) -> tuple[Penalty, float]:
    """The penalty that is on, and its number."""
    if toy.consensus > 0:
        return BY_NAME[CONSENSUS], toy.consensus
    numbers = {penalty.value: float(getattr(toy.game, penalty.value, 0.0)) for penalty in PENALTIES}
    return next(((BY_NAME[name], number) for name, number in numbers.items() if number > 0), (NONE, 0.0))


def with_penalty(toy: Toy, name: str, number: float) -> Toy:
    """The same game with this penalty alone. Raises ValueError where the game cannot have it."""
    if not allowed(toy, BY_NAME[name]):
        raise ValueError(f"the bilinear game has no D for {name}")
    game = toy.game
    if isinstance(game, DiracGan):
        game = DiracGan(game.objective)
        if name in _SETTERS:
            game = _SETTERS[name](game, number)
    return replace(toy, game=game, consensus=number if name == CONSENSUS else 0.0)


_SETTERS: dict[str, Callable[[DiracGan, float], DiracGan]] = {
    "r1": lambda game, number: replace(game, r1=number),
    "r2": lambda game, number: replace(game, r2=number),
    "wgan_gp": lambda game, number: replace(game, wgan_gp=number),
    "weight_clipping": lambda game, number: replace(game, weight_clipping=number),
    "instance_noise": lambda game, number: replace(game, instance_noise=number),
}


def allowed(toy: Toy, penalty: Penalty) -> bool:
    """Whether the game can have it."""
    return isinstance(toy.game, DiracGan) or penalty.value in (NONE.value, CONSENSUS)
