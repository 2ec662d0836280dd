"""The two networks and the latent space, as records; built in :mod:`ganstudio.gan.network`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ganstudio.experiment.setting import Record, setting

Activation = Literal["relu", "leaky_relu", "elu", "tanh", "sigmoid", "silu", "gelu", "softplus", "sine", "maxout"]
Normalisation = Literal["none", "batch", "layer"]
Initialisation = Literal[
    "default", "xavier_uniform", "xavier_normal", "he_uniform", "he_normal", "orthogonal", "small_normal"
]
Width = Annotated[int, Field(ge=1, le=1024)]


class Network(Record):
    """A fully connected network: hidden layers of chosen widths, then one linear layer."""

    title: ClassVar[str] = "Network"
    widths: tuple[Width, ...] = setting(
        (64, 64),
        label="Hidden widths",
        help="units of each hidden layer, first to last; none at all is a linear map",
        unit="units",
        usual="one to three layers of 16 to 128",
        max_length=10,
    )
    activation: Activation = setting(
        "relu",
        label="Activation",
        help="nonlinearity after each hidden layer; leaky ReLU has slope 0.2, maxout two pieces",
    )
    normalisation: Normalisation = setting(
        "none",
        label="Normalisation",
        help="of each hidden layer before its activation; batch couples the samples of a batch",
    )
    spectral_norm: bool = setting(
        False,
        label="Spectral norm",
        help="divide every weight by its largest singular value",
        formula=r"\bar W = W / \sigma(W)",
    )
    dropout: float = setting(0.0, label="Dropout", help="share of hidden units silenced at each update", ge=0, le=0.9)
    residual: bool = setting(
        False, label="Residual", help="add each hidden layer's input to its output wherever the two have the same width"
    )
    fourier_features: int = setting(
        0,
        label="Fourier features",
        help="number of random sine and cosine pairs that the first layer sees; 0 is none",
        unit="pairs",
        ge=0,
        le=256,
        formula=r"\gamma(x) = [\cos 2\pi Bx, \sin 2\pi Bx],\; B_{ij} \sim N(0, s^2)",
    )
    fourier_scale: float = setting(
        1.0,
        label="Fourier scale s",
        help="spread of the random frequencies; higher sees finer detail",
        gt=0,
        le=100,
        log=True,
    )
    fourier_input: bool = setting(
        True,
        label="Input beside them",
        help="the first layer sees x as well as its Fourier features. Without it D sees nothing but waves, and far "
        "from the data these do not say the way back: a generator that strays is lost",
        formula=r"h_0 = [\cos 2\pi B x, \sin 2\pi B x, x]",
    )
    initialisation: Initialisation = setting(
        "default",
        label="Initialisation",
        help="how weights begin; default is uniform ±1/√fan-in, as torch.nn.Linear does; "
        "small_normal is N(0, 0.02²) of DCGAN",
    )


class GeneratorNetwork(Network):
    """G's network, and what stands before it."""

    title: ClassVar[str] = "Generator"
    table_rows: int = setting(
        0,
        label="Latent table",
        help="rows of a learned table; z₁ picks one, which takes the place of z. G can then make no more different "
        "samples than that: it memorises. 0 is off",
        unit="rows",
        ge=0,
        le=100_000,
        log=True,
        usual="0, or 1000 to 20,000",
        formula=r"G(z) = g(t_i),\; i = \text{floor}(N F(z_1))  (Bojanowski et al. 2018)",
    )


class DiscriminatorNetwork(Network):
    """D's network, and what it sees of other samples beside the one it judges."""

    title: ClassVar[str] = "Discriminator"
    packing: int = setting(
        1,
        label="Packing m",
        help="samples of one kind that D judges together: a generator that misses modes gives itself away. "
        "What is shown of D at a point is its mean answer in company of samples of the last batch, half of them real",
        unit="samples",
        ge=1,
        le=8,
        usual="1 to 4",
        formula=r"D(x_1, \dots, x_m)  (Lin et al. 2018, PacGAN)",
    )
    minibatch_std: bool = setting(
        False,
        label="Minibatch std",
        help="the last layer also sees the mean standard deviation of its inputs over the batch",
        formula=r"s = \text{mean}_j \sqrt{\text{var}_i h_{ij}}  (Karras et al. 2018)",
    )
    minibatch_kernels: int = setting(
        0,
        label="Minibatch kernels",
        help="features of the last layer that say how close other samples of the batch are, 31 at most; 0 is none",
        unit="kernels",
        ge=0,
        le=64,
        usual="0 or 8 to 32",
        formula=r"o_b(x_i) = \text{mean}_{j \ne i} \exp(-\|M_{ib} - M_{jb}\|_1)  (Salimans et al. 2016)",
    )
    minibatch_kernel_dims: int = setting(
        4, label="Kernel dimensions", help="coordinates in which each kernel compares two samples", ge=1, le=16
    )


class Prior(Record):
    """Where latents are drawn from."""


class NormalPrior(Prior):
    """Independent standard normals."""

    title: ClassVar[str] = "Normal"
    formula: ClassVar[str] = r"z \sim N(0, I)"
    kind: Literal["normal"] = "normal"


class UniformPrior(Prior):
    """Uniform in a cube around 0."""

    title: ClassVar[str] = "Uniform"
    formula: ClassVar[str] = r"z \sim U[-b, b]^d"
    kind: Literal["uniform"] = "uniform"
    bound: float = setting(1.0, label="Bound b", help="half the side of the cube", gt=0, le=100)


class TruncatedNormalPrior(Prior):
    """Standard normals, redrawn beyond a bound."""

    title: ClassVar[str] = "Truncated normal"
    formula: ClassVar[str] = r"z_i \sim N(0, 1) \mid |z_i| \le b"
    kind: Literal["truncated_normal"] = "truncated_normal"
    bound: float = setting(2.0, label="Bound b", help="no coordinate lies beyond it", ge=0.1, le=10)


class MixturePrior(Prior):
    """Gaussians of equal weight, their centres drawn once from the seed."""

    title: ClassVar[str] = "Mixture of gaussians"
    formula: ClassVar[str] = r"z \sim \frac1K \sum_k N(c_k, \sigma^2 I),\; c_k \sim N(0, r^2 I)"
    kind: Literal["mixture"] = "mixture"
    count: int = setting(8, label="Components K", help="number of gaussians", ge=1, le=1024)
    radius: float = setting(2.0, label="Spread r", help="standard deviation of the centres", ge=0, le=100)
    sigma: float = setting(0.3, label="σ", help="standard deviation of each gaussian", gt=0, le=100)


class Latent(Record):
    """The latent space: its dimension and its prior p_z."""

    title: ClassVar[str] = "Latent"
    dimension: int = setting(
        2, label="Dimension", help="of z; 1 or 2 can be drawn as a warped grid", ge=1, le=256, usual="1 to 16"
    )
    prior: Annotated[
        NormalPrior | UniformPrior | TruncatedNormalPrior | MixturePrior,
        Field(discriminator="kind", title="Prior p_z", description="the distribution that latents are drawn from"),
    ] = NormalPrior()
