"""Strange input at every operation of the API, drawn from its own document."""

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.local.product import Product

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = [
    *(not_a_server_error, status_code_conformance),
    *(content_type_conformance, response_schema_conformance),
]
schema = schemathesis.openapi.from_path(str(DOCUMENT))
# Who asks is the test's to say: drawn tokens would be strangers' in every case.
schema.config.generation.update(with_security_parameters=False)


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_input_breaks_an_operation(case: Case[Any], product: Product) -> None:
    """Never a 5xx; each answer has a status, a type and a shape that the document promises."""
    answer = case.call(base_url=product.base_url, timeout=60)
    case.validate_response(answer, checks=CHECKS)
