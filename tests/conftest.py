"""What all tests share: an engine compiled once, and the way signals arrive."""

import signal

from parcours_sim.engine import compile_engine


def pytest_configure(config):
    # A shell that starts the tests in the background makes them, and all they start, deaf to
    # Ctrl-C; the tests of interruption need to hear it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # Once, before several workers would each compile it.
    asks = config.option
    is_worker = hasattr(config, "workerinput")
    if not (is_worker or asks.collectonly or asks.help or asks.version):
        compile_engine()
