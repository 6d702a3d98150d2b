"""What Python calls of the compiled engine: three functions, compiled and kept on disk."""

from __future__ import annotations

from parcours_sim.engine.kernels import entry

from . import loop

begin = entry(loop.begin)
run = entry(loop.run)
finish = entry(loop.finish)
