"""A worker that dies by `kill -9` at a named point: `python -m … killed_worker before|after`.

Everything is real but for the postbox, which ends the process before or after the mail server
has taken the mail, where a real worker can be struck as well.
"""

import os
import signal
import sys
from email.message import EmailMessage

from services.common.runtime import of_process
from services.notify import tasks
from services.notify.adapters.smtp import SmtpPostbox
from services.notify.operations.delivery import Desk, deliver_due


class DeadlyPostbox(SmtpPostbox):
    """Kills its own process around the first mail."""

    def send(self, mail: EmailMessage, address: str) -> None:
        if sys.argv[1] == "after":
            super().send(mail, address)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    made = tasks.desk()
    postbox = DeadlyPostbox(of_process("notify").settings.smtp_url)  # type: ignore[attr-defined]
    deliver_due(
        Desk(made.database, made.bookings, made.contacts, postbox, made.letterhead, made.clock)
    )
