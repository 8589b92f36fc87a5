"""What all tables of billing share. Money is BIGINT minor units with CHAR(3)."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import BigInteger, DateTime, Enum
from sqlalchemy.orm import DeclarativeBase

from services.common.database import metadata as schema_metadata
from services.contracts.billing import PaymentState


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """All tables of the schema `billing`."""

    metadata = schema_metadata("billing")
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
        PaymentState: Enum(PaymentState, native_enum=False, length=20, values_callable=_values),
    }
