"""What a person may set, what is refused, and who is told what."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import database_roles, environment
from deploy.local.bring_up import (
    BROKER,
    DATABASE,
    REDIS,
    Server,
    StepFailed,
    wait_for_given,
)
from deploy.local.names import SERVICES
from deploy.local.preparation import prepare
from deploy.local.product import Product
from deploy.local.servers import Servers, temporary_run_directory
from deploy.local.settings import CHECKOUT, SettingRefused, read_settings
from deploy.local.stack import prepare_stack


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("STRIPE_API_KEY", "sk_live_abc", "live key"),
        ("STRIPE_API_KEY", "rk_live_abc", "live key"),
        ("STRIPE_API_KEY", "pk_test_abc", "must be a test key"),
        ("STRIPE_API_KEY", "sk_test_abc", "STRIPE_WEBHOOK_SECRET is missing"),
        ("ATTUNE_PORT", "80a", "ATTUNE_PORT must be a port"),
        ("ATTUNE_PORT", "65536", "ATTUNE_PORT must be a port"),
        ("ATTUNE_APPS", "booking,payroll", "payroll is none of"),
        ("ATTUNE_DEMO", "yes", "ATTUNE_DEMO must be 0 or 1"),
        ("DATABASE_URL", "mysql://host/db", "DATABASE_URL must begin with postgresql://"),
        ("AMQP_URL", "amqp://", "AMQP_URL must begin with amqp://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, told: str) -> None:
    """Nothing starts, and the text says which setting and what it may be."""
    with pytest.raises(SettingRefused, match=told):
        read_settings({name: value})


def test_nothing_dies_on_purpose_in_production() -> None:
    """Neither the stack's setting nor the command behind it is to be had there."""
    told = {"ATTUNE_CRASH_POINTS": "1", "ATTUNE_ENV": "production"}
    with pytest.raises(SettingRefused, match="ATTUNE_CRASH_POINTS"):
        read_settings(told)
    assert read_settings({**told, "ATTUNE_ENV": "test"}).has_crash_points
    argv = [sys.executable, "-m", "deploy.local.crashing", "run", "billing"]
    done = subprocess.run(
        argv, env=os.environ | told, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "in tests and the local stack only" in done.stderr


def test_an_empty_setting_is_the_default(tmp_path: Path) -> None:
    """As docs/settings.md says of all of them: an address, a level, a broker of one process."""
    empty = dict.fromkeys(
        ("ATTUNE_PUBLIC_URL", "ATTUNE_LOG_LEVEL", "ATTUNE_ENV", "BOOKING_AMQP_URL"), ""
    )
    told = {"ATTUNE_RUN_DIR": str(tmp_path), "AMQP_URL": "amqp://given", "ATTUNE_PORT": "8765"}
    settings = read_settings(empty | told)
    assert settings.public_url == "http://127.0.0.1:8765"
    common = environment.service(prepare_stack(settings), "booking")
    assert (common["ATTUNE_LOG_LEVEL"], common["ATTUNE_ENV"]) == ("INFO", "local")
    assert common["BOOKING_AMQP_URL"] == "amqp://given"


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (DATABASE, "postgresql://somebody:secret@127.0.0.1:1/attune"),
        (BROKER, "amqp://somebody:secret@127.0.0.1:1/attune"),
        (REDIS, "redis://:secret@127.0.0.1:1/0"),
    ],
)
def test_a_given_server_that_does_not_answer_is_named_with_the_reason(
    server: Server, url: str, tmp_path: Path
) -> None:
    """By its setting, and without the password in it; no log of an earlier server is shown."""
    told = {"ATTUNE_RUN_DIR": str(tmp_path), server.setting: url}
    stack = prepare_stack(read_settings(told))
    with pytest.raises(StepFailed) as failed:
        wait_for_given(stack, server, seconds=0)
    text = str(failed.value)
    assert text.startswith(f"{server.setting}: this {server.name} does not answer: ")
    assert "refused" in text
    assert "secret" not in text
    assert "log" not in text


def test_a_setting_that_a_process_cannot_use_is_said_before_it_starts(tmp_path: Path) -> None:
    """All processes are asked what they read; the first wrong one is named, not its value."""
    for number, told in (("1", 0), ("0", 1)):
        given = {"ATTUNE_RUN_DIR": str(tmp_path), "GATEWAY_OPEN_HOLDS": number}
        stack = prepare_stack(read_settings(given))
        argv = [sys.executable, "-m", "services", "settings"]
        done = subprocess.run(
            argv,
            env=environment.operator(stack),
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == told, done.stderr
    assert "Attune cannot start: GATEWAY_OPEN_HOLDS: " in done.stderr


def test_a_taken_web_port_is_said_before_anything_is_written(tmp_path: Path) -> None:
    """The text names the setting that mends it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = {"ATTUNE_RUN_DIR": str(tmp_path / "run"), "ATTUNE_PORT": str(port)}
        with pytest.raises(SettingRefused, match=f"ATTUNE_PORT: port {port} is taken"):
            prepare(read_settings(told))
    assert not (tmp_path / "run").exists()


def test_each_process_is_told_its_own_secrets_only() -> None:
    """A service that is broken into knows nothing that opens another one."""
    with temporary_run_directory() as path:
        stack = prepare_stack(read_settings({"ATTUNE_RUN_DIR": str(path)}))
        told = {name: environment.service(stack, name) for name in SERVICES}
        told |= {"gateway": environment.gateway(stack), "beat": environment.beat(stack)}
    own = {"broker.{}", "database.{}", "signing.{}"}
    for name, variables in told.items():
        text = "\n".join(variables.values())
        foreign = {
            secret: value
            for secret, value in stack.secrets.values.items()
            if secret not in {kind.format(name) for kind in own}
            and secret.startswith(("broker.", "database.", "signing.", "demo."))
            and not (name == "beat" and secret == "broker.celery")
        }
        assert [secret for secret, value in foreign.items() if value in text] == []
        assert (stack.stripe_api_key in text) == (name == "billing")
        assert (stack.secrets["redis"] in text) == (name in ("profiles", "gateway"))


def test_secrets_are_kept_and_readable_by_their_owner_alone() -> None:
    """A second start signs, logs in and decrypts with what the first one made."""
    with temporary_run_directory() as path:
        settings = read_settings({"ATTUNE_RUN_DIR": str(path)})
        first, second = prepare_stack(settings), prepare_stack(settings)
        assert first.secrets == second.secrets
        assert len(set(first.secrets.values.values())) == len(first.secrets.values)
        assert first.run.secrets_file.stat().st_mode & 0o777 == 0o600


def test_an_account_without_rights_is_told_which_it_needs(servers: Servers) -> None:
    """DATABASE_URL of somebody who may neither make roles nor schemas."""
    with temporary_run_directory() as path:
        poor = servers.stack.database_url("notify")
        stack = prepare_stack(read_settings({"ATTUNE_RUN_DIR": str(path), "DATABASE_URL": poor}))
        with pytest.raises(database_roles.RightsMissing, match="CREATEROLE"):
            database_roles.provision(stack)


@pytest.mark.long
def test_servers_that_are_there_already_are_used(servers: Servers) -> None:
    """With all addresses given, no private server starts."""
    stack = servers.stack
    told = {
        "ATTUNE_APPS": "none",
        "DATABASE_URL": database_roles.target_url(stack),
        "AMQP_URL": stack.amqp_url("booking"),
        "REDIS_URL": stack.redis_url,
    }
    with temporary_run_directory() as path:
        product = Product(path, told=told)
        try:
            product.start()
            names = {state.name for state in product.supervisor.states()}
            assert not names & {"postgres", "rabbitmq", "epmd", "redis"}
            assert product.logins == {}
        finally:
            product.stop()
            database_roles.provision(stack)
