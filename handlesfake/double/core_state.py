"""CoreState: what a double goes back to."""

from __future__ import annotations

from handlesfake.engine.passed_by import Passed
from handlesfake.exchange.entry_log import LogState
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.rules.stage import RulesState
from handlesfake.timing.virtual_time import TimeState
from handlesfake.values.values import frozen
from handlesfake.world.world import WorldState


@frozen
class CoreState:
    """Everything of one double at one moment."""

    world: WorldState
    rules: RulesState
    time: TimeState
    """What the clock said, and whether it stood still."""

    choices: Choices
    """How open questions were answered."""

    taps: tuple[Tap, ...]
    passed: Passed
    """What nearer doubles had got."""

    journal: LogState
