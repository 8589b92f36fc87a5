"""Structured logs without personal data: one JSON object a line, on standard output.

An exception is logged by its type and the places it passed, never by its text: texts of
database and validation errors quote the values that people typed.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog

from services.common import context

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(service: str, level: str = "INFO") -> None:
    """Send all logs of this process through one formatter; call once, at start."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_context(service),
        _reduce_exception,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _forget_arguments],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("alembic", "amqp", "kombu", "urllib3", "stripe", "aio_pika", "aiormq", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are constant sentences and whose values are ids and figures."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def _add_context(service: str) -> Any:
    def add(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        event["service"] = service
        if request_id := context.request_id():
            event["request_id"] = request_id
        return event

    return add


def _reduce_exception(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event["exception"] = describe(info[1])
        event["trace"] = _places(info[2])
    return event


def _forget_arguments(_logger: Any, _method: str, event: Any) -> Any:
    """Libraries put exceptions and values into their sentences; keep the constant part."""
    record = event.get("_record")
    if record is not None and record.args and record.levelno >= logging.WARNING:
        event["event"] = str(record.msg)
    return event


def describe(error: BaseException) -> str:
    """An exception's type, with those of its causes: `IntegrityError < UniqueViolation`."""
    names: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(names) < 5:
        names.append(type(cause).__name__)
        cause = cause.__cause__
    return " < ".join(names)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-8:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
