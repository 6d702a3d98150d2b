"""What all tests share: the way signals arrive, whoever started the tests."""

import signal


def pytest_configure():
    # A shell that starts the tests in the background makes them, and all they start, deaf to
    # Ctrl-C; the tests of interruption need to hear it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
