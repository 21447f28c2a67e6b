"""What is measured, row by row, and what it may cost."""
import dataclasses

WINDOW = 128
MODEST_RATE = 2000
MODEST_P99_LOGIN_US = 1000
MODEST_P99_ACCOUNTING_US = 4000
OVERLOAD = 3  # times what the server can do
OVERLOAD_TIMEOUT_S = 1.0
OVERLOAD_LAG_S = 0.001  # where the generator cannot make so many, what it can counts
GOODPUT_AT_LEAST = 0.9


@dataclasses.dataclass(frozen=True)
class Bounds:
    """CPU in microseconds a request, of daemon and Redis together."""
    cpu_us: float
    p99_us: float = float("inf")
    requests_per_second: float = 0


@dataclasses.dataclass(frozen=True)
class Measurement:
    name: str
    mode: str  # of the load generator
    rate: int = 0  # requests a second, on schedule; 0: a window of requests outstanding
    is_few: bool = False  # of the users only so many are active at once as `--active` says
    bounds: Bounds = None


MEASUREMENTS = (
    Measurement("UDP echo", "echo"),
    Measurement("PAP login", "pap", bounds=Bounds(12, requests_per_second=100_000)),
    Measurement("CHAP login", "chap", bounds=Bounds(12)),
    Measurement("MS-CHAPv2 login", "mschap", bounds=Bounds(16)),
    Measurement("accounting Interim", "interim", is_few=True, bounds=Bounds(20, requests_per_second=60_000)),
    Measurement("whole session", "session", bounds=Bounds(19, requests_per_second=60_000)),
    Measurement("PAP login, 2,000/s", "pap", MODEST_RATE, bounds=Bounds(100, MODEST_P99_LOGIN_US)),
    Measurement("accounting Interim, 2,000/s", "interim", MODEST_RATE, True, Bounds(100, MODEST_P99_ACCOUNTING_US)),
    Measurement("whole session, 2,000/s", "session", MODEST_RATE, bounds=Bounds(100, MODEST_P99_ACCOUNTING_US)),
)
# Of these, what is left when requests come faster than they can be served.
OVERLOADED = ("PAP login", "accounting Interim")
