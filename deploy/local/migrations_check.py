"""Whether migrations and models agree, on a database that lives as long as the check."""

import subprocess
import sys

from deploy.local import environment
from deploy.local.servers import running_servers
from deploy.local.settings import CHECKOUT


def main() -> int:
    """Migrate an empty database, then compare; the exit code is the comparison's."""
    with running_servers(names=("postgres",)) as servers:
        told = environment.migrations(servers.stack)
        for command in ("migrate", "migrations-check"):
            argv = [sys.executable, "-m", "services", command]
            done = subprocess.run(argv, cwd=CHECKOUT, env=told, timeout=300, check=False)
            if done.returncode != 0:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
