"""Delays: what comes of an outcome that takes its time."""

from __future__ import annotations

from handlesfake.engine.latch import Latch
from handlesfake.engine.steps import Patience
from handlesfake.exchange.outcome import PIECES, Answer, ConnectionEnd, Fault, Final
from handlesfake.timing.sleepers import Sleepers
from handlesfake.values.values import frozen


def in_time(outcome: Answer | Fault, patience: Patience) -> Answer | Fault:
    """What the caller gets of an outcome that takes longer than it waits: its own timeout, as late as that is."""
    pieces = PIECES if isinstance(outcome, Answer) and outcome.drips else 1
    given_up = patience.gives_up(outcome.delay, pieces) if outcome.delay else None
    if given_up is None:
        return outcome
    answer = outcome if isinstance(outcome, Answer) else outcome.answer
    return Fault(ConnectionEnd.TIMEOUT, outcome.decided_by, answer, delay=given_up)


def tells_to_wait(final: Final) -> bool:
    """Whether a careful client waits after this before it tries again."""
    return final.response.status in (429, 503) if isinstance(final, Answer) else isinstance(final, Fault)


@frozen
class Delay:
    """The rest of the time that an outcome takes; on a server the time is real."""

    sleepers: Sleepers
    due: int
    """In ticks of the virtual clock."""

    real: float | None

    def take(self) -> None:
        """Let it pass."""
        self.sleepers.sleep(self.due)

    async def take_async(self) -> None:
        """Let it pass while the loop turns."""
        if self.real is not None:
            await Latch().wait_async(self.real)
            self.sleepers.reach(self.due)
        else:
            await self.sleepers.sleep_async(self.due)
