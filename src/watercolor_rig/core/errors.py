"""Every error that a user may meet, as one tree.

Each class has a `code` for programs, an exit status for the command line and an HTTP status for a server. The
message names the thing and ends in what to do. Whatever is raised beyond this tree is a defect of ours.

    RigError                     code                   exit   HTTP
    ├── UsageError               usage                  2      400
    │   ├── EngineUnavailableError  engine_unavailable  2      503
    │   ├── ModelRetiredError    model_retired          2      400
    │   ├── ProjectBusyError     project_busy           2      409
    │   └── DeclinedError        declined               2      400
    ├── ConfigError              config                 2      422
    ├── NothingMatchedError      nothing_matched        2      404
    │   └── UnreachableError     unreachable            2      404
    ├── PictureError             picture                1      422
    ├── StoreError               store                  1      507
    │   └── LedgerDamagedError   ledger_damaged         1      507
    └── EngineError              engine                 1      502
        ├── TransientError       engine_transient       1      502
        │   └── GivenUpError     engine_given_up        1      504
        ├── RateLimitedError     engine_rate_limited    1      429
        ├── RejectedError        engine_rejected        1      422
        └── StopRunError         engine_stop            1      502
            ├── QuotaError       engine_quota           1      402
            ├── CredentialsError engine_credentials     1      401
            ├── BadRequestError  engine_bad_request     1      500
            └── BudgetError      budget                 1      402
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar


class RigError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "rig"
    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class UsageError(RigError):
    """A flag or an argument that cannot be used; says which value is expected."""

    code = "usage"
    exit_status = 2
    http_status = 400


class EngineUnavailableError(UsageError):
    """The engine asked for does not exist, is broken, or lacks its key."""

    code = "engine_unavailable"
    http_status = 503


class ModelRetiredError(UsageError):
    """The image model asked for has been shut down; names its replacement."""

    code = "model_retired"


class ProjectBusyError(UsageError):
    """Another process writes the project; says which."""

    code = "project_busy"
    http_status = 409


class DeclinedError(UsageError):
    """The user was asked whether to spend the money, and said no."""

    code = "declined"


class ConfigError(RigError):
    """The configuration cannot be used; carries every problem found, not only the first.

    Attributes:
        problems: One line each, `file: place: what is wrong; what to do`.
    """

    code = "config"
    exit_status = 2
    http_status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class NothingMatchedError(RigError):
    """The input is sound but asks for nothing: no endpoint pairs, or a pattern that matches no name."""

    code = "nothing_matched"
    exit_status = 2
    http_status = 404


class UnreachableError(NothingMatchedError):
    """No sequence leads to the state of the face that was asked for; says which path is missing."""

    code = "unreachable"


class PictureError(RigError):
    """Bytes that are no picture we accept: undecodable, truncated, too large, or of the wrong size."""

    code = "picture"
    http_status = 422


class StoreError(RigError):
    """The disk refused a read or a write (full, read-only, gone); the old file is untouched."""

    code = "store"
    http_status = 507


class LedgerDamagedError(StoreError):
    """The record of calls and money is no whole file any more; `watercolor-rig doctor --fix` makes a new one."""

    code = "ledger_damaged"


class EngineError(RigError):
    """An engine did not make its picture; raised itself where the reason has no better class.

    Attributes:
        cost_usd: What the service charged for the call all the same, where it said so; else None.
    """

    code = "engine"
    http_status = 502

    def __init__(self, message: str, *, cost_usd: Decimal | None = None) -> None:
        super().__init__(message)
        self.cost_usd = cost_usd


class TransientError(EngineError):
    """A failure that a later attempt may not meet: 5xx, dropped connection, time-out, unusable answer."""

    code = "engine_transient"


class GivenUpError(TransientError):
    """A call that had no whole answer within its time; it may have been billed all the same."""

    code = "engine_given_up"
    http_status = 504


class RateLimitedError(EngineError):
    """The service asks us to slow down; costs no attempt.

    Attributes:
        wait_s: Seconds to wait before the next call of this engine, or None where the service did not say.
        limit_per_minute: Calls a minute that the service named as its limit, or None.
    """

    code = "engine_rate_limited"
    http_status = 429

    def __init__(
        self,
        message: str,
        *,
        wait_s: float | None = None,
        limit_per_minute: float | None = None,
    ) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.limit_per_minute = limit_per_minute


class RejectedError(EngineError):
    """The service refuses this one picture for good (moderation); the others go on."""

    code = "engine_rejected"
    http_status = 422


class StopRunError(EngineError):
    """No further call can succeed: the run stops, keeps its plan, and says what to do."""

    code = "engine_stop"


class QuotaError(StopRunError):
    """The account has no credit left or met a spending limit."""

    code = "engine_quota"
    http_status = 402


class CredentialsError(StopRunError):
    """The key is missing, wrong or lacks a permission."""

    code = "engine_credentials"
    http_status = 401


class BadRequestError(StopRunError):
    """The service calls our request wrong (unknown model, unsupported size): repeating it cannot help."""

    code = "engine_bad_request"
    http_status = 500


class BudgetError(StopRunError):
    """The next call could pass a limit that the user has set."""

    code = "budget"
    http_status = 402
