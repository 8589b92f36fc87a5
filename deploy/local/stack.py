"""One stack: its settings, folders, ports and secrets, and the addresses that follow from them."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.local.names import DATABASE, VHOST
from deploy.local.ports import choose_ports, remembered_ports
from deploy.local.run_directory import RunDirectory
from deploy.local.secret_values import Secrets, load_secrets
from deploy.local.settings import Settings


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that the parts of one stack have to know about each other."""

    settings: Settings
    run: RunDirectory
    ports: dict[str, int]
    secrets: Secrets

    @property
    def has_own_database(self) -> bool:
        return self.settings.database_url is None

    @property
    def has_own_broker(self) -> bool:
        return self.settings.amqp_url is None

    @property
    def has_own_redis(self) -> bool:
        return self.settings.redis_url is None

    @property
    def has_mailbox(self) -> bool:
        return self.settings.smtp_url is None

    @property
    def has_twin(self) -> bool:
        return self.settings.stripe_api_key is None

    @property
    def admin_database_url(self) -> str:
        """Where roles and schemas are made: the private superuser, or the URL that was given."""
        return self.settings.database_url or self._private_database("postgres", "admin", "postgres")

    @property
    def postgres_data(self) -> Path:
        return self.run.postgres_home / "data"

    def database_url(self, role: str) -> str:
        """The database as `attune_<role>`: `owner` for migrations, else a service's name."""
        if self.settings.database_url is None:
            return self._private_database(f"attune_{role}", role, DATABASE)
        return with_login(
            self.settings.database_url, f"attune_{role}", self.secrets[f"database.{role}"]
        )

    def _private_database(self, account: str, secret: str, name: str) -> str:
        password = self.secrets[f"database.{secret}"]
        return f"postgresql://{account}:{password}@127.0.0.1:{self.ports['postgres']}/{name}"

    def amqp_url(self, user: str) -> str:
        """The broker as one of BROKER_USERS. A given broker is used as it was given."""
        if self.settings.amqp_url is not None:
            return self.settings.passed_on.get(f"{user.upper()}_AMQP_URL", self.settings.amqp_url)
        password = self.secrets[f"broker.{user}"]
        return f"amqp://{user}:{password}@127.0.0.1:{self.ports['amqp']}/{VHOST}"

    @property
    def redis_url(self) -> str:
        private = f"redis://:{self.secrets['redis']}@127.0.0.1:{self.ports['redis']}/0"
        return self.settings.redis_url or private

    @property
    def smtp_url(self) -> str:
        return self.settings.smtp_url or f"smtp://127.0.0.1:{self.ports['smtp']}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['mailbox']}"

    @property
    def twin_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['stripe_twin']}"

    @property
    def stripe_api_key(self) -> str:
        return self.settings.stripe_api_key or self.secrets["stripe_api_key"]

    @property
    def stripe_webhook_secret(self) -> str:
        return self.settings.stripe_webhook_secret or self.secrets["stripe_webhook_secret"]


def with_login(url: str, account: str, password: str) -> str:
    """The same address with another account."""
    parts = urlsplit(url)
    place = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    login = f"{quote(account, safe='')}:{quote(password, safe='')}"
    return urlunsplit(("postgresql", f"{login}@{place}", parts.path, parts.query, ""))


def prepare_stack(settings: Settings) -> Stack:
    """Make folders, ports and secrets where they are missing. Nothing may be running."""
    run = RunDirectory(settings.run_dir)
    run.create()
    return Stack(settings, run, choose_ports(run, web=settings.port), load_secrets(run))


def open_stack(settings: Settings) -> Stack:
    """The stack as it was prepared, running or not, at the web port it was prepared with.

    Raises FileNotFoundError before the first start.
    """
    run = RunDirectory(settings.run_dir)
    if not run.secrets_file.exists():
        raise FileNotFoundError(f"{run.path} holds no stack yet: `make run` makes one.")
    ports = remembered_ports(run)
    return Stack(replace(settings, port=ports["web"]), run, ports, load_secrets(run))
