"""``handlesfake demo``: the main job on one screen, and a folder to play with."""

from handlesfake.demo.show import show

__all__ = ["show"]
