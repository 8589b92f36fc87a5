"""A delivering process to be struck: `python -m tests.integration.notify.killed_worker POINT`.

`before` and `after` end it by `kill -9` before or after the mail server has taken the first
mail; `never` delivers over and over until somebody else ends it. All else is the real thing.
"""

import os
import signal
import sys
from dataclasses import replace
from email.message import EmailMessage
from typing import cast

from services.common.runtime import of_process
from services.notify import tasks
from services.notify.adapters.smtp import SmtpPostbox
from services.notify.config import NotifyConfig
from services.notify.operations.delivery import deliver_due


class DeadlyPostbox(SmtpPostbox):
    """Kills its own process around the first mail."""

    def send(self, mail: EmailMessage, address: str) -> None:
        if sys.argv[1] == "after":
            super().send(mail, address)
        os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Deliver once with a deadly postbox, or for ever with a real one."""
    if sys.argv[1] != "never":
        settings = cast(NotifyConfig, of_process("notify").settings)
        deliver_due(replace(tasks.desk(), postbox=DeadlyPostbox(settings.smtp_url)))
    while True:
        deliver_due(tasks.desk())


if __name__ == "__main__":
    main()
