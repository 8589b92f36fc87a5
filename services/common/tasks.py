"""The Celery application: short tasks that a beat repeats, each safe to run twice.

Tasks claim due rows themselves, so a lost or doubled message costs a second and nothing else;
there are no long ETAs, no results, and queues are quorum queues.
"""

import importlib
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from services.common import logging

EXPIRES_SECONDS = 10


def make_app(amqp_url: str, names: list[str], log_level: str = "INFO") -> Celery:
    """The application with these services' tasks and their timetables (`EVERY` in tasks.py)."""
    setup_logging.connect(lambda **_: logging.configure("worker", log_level), weak=False)
    modules = [f"services.{name}.tasks" for name in names]
    app = Celery("attune", broker=amqp_url, include=modules)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue="tasks",
        # with "direct" Celery publishes past its exchange, to the default one, which nobody may use
        task_default_exchange_type="topic",
        task_default_queue_type="quorum",
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_detect_quorum_queues=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        beat_schedule=_timetable(modules),
    )
    return app


def _timetable(modules: list[str]) -> dict[str, dict[str, Any]]:
    """Every repeated task with its seconds; a tick nobody took in 10 s is forgotten."""
    return {
        task: {"task": task, "schedule": seconds, "options": {"expires": EXPIRES_SECONDS}}
        for module in modules
        for task, seconds in importlib.import_module(module).EVERY.items()
    }
