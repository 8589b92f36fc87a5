"""Checkout Sessions in mode `payment`, with prices given inline."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from deploy.local.stripe_twin import expiry
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.currencies import checked_currency, smallest_charge
from deploy.local.stripe_twin.errors import Object, invalid, refused
from deploy.local.stripe_twin.ids import new_id
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import Amount, ListParams, Metadata, Nested, Params, merged
from deploy.local.stripe_twin.shapes import list_of, shaped

SHORTEST_SECONDS, LONGEST_SECONDS = 30 * 60, 24 * 3600
_LARGEST = 99_999_999
Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=5000)]


class _Product(Nested):
    name: str = Field(min_length=1)
    description: str | None = None
    metadata: Metadata = Field(default_factory=dict)


class _Price(Nested):
    currency: str
    unit_amount: Amount
    product_data: _Product
    tax_behavior: Literal["exclusive", "inclusive", "unspecified"] = "unspecified"


class _Item(Nested):
    price_data: _Price
    quantity: Annotated[int, Field(ge=1, le=999_999)] = 1


class _PaymentData(Nested):
    application_fee_amount: Amount | None = None
    description: str | None = None
    metadata: Metadata = Field(default_factory=dict)
    receipt_email: str | None = None
    capture_method: Literal["automatic", "automatic_async"] = "automatic_async"


class _CreateParams(Params):
    mode: Literal["payment"]
    line_items: Annotated[list[_Item], Field(min_length=1, max_length=100)]
    success_url: Url
    cancel_url: Url | None = None
    client_reference_id: Annotated[str, Field(max_length=200)] | None = None
    customer: str | None = None
    customer_creation: Literal["always", "if_required"] | None = None
    customer_email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    expires_at: int | None = None
    locale: str | None = None
    metadata: Metadata = Field(default_factory=dict)
    payment_intent_data: _PaymentData = Field(default_factory=_PaymentData)
    payment_method_types: list[Literal["card"]] | None = None
    submit_type: Literal["auto", "book", "donate", "pay"] | None = None
    ui_mode: Literal["hosted", "hosted_page"] = "hosted_page"


class _ListParams(ListParams):
    customer: str | None = None
    payment_intent: str | None = None
    status: Literal["complete", "expired", "open"] | None = None


def create(call: Call) -> Object:
    """POST /v1/checkout/sessions."""
    params = call.checked(_CreateParams)
    currency = _one_currency(params.line_items)
    total = sum(item.price_data.unit_amount * item.quantity for item in params.line_items)
    _check_total(call, total, currency, params.payment_intent_data.application_fee_amount)
    _check_customer(call, params)
    session = shaped(
        "checkout.session",
        now=call.now,
        amount_subtotal=total,
        amount_total=total,
        currency=currency,
        expires_at=_expires_at(call.now, params.expires_at),
        metadata=merged({}, params.metadata),
        mode=params.mode,
        payment_method_types=params.payment_method_types or ["card"],
        ui_mode=params.ui_mode,
        customer_creation=params.customer_creation or (None if params.customer else "if_required"),
        **params.model_dump(
            include={
                "success_url",
                "cancel_url",
                "client_reference_id",
                "customer",
                "customer_email",
                "locale",
                "submit_type",
            }
        ),
    )
    session["url"] = f"{call.public_url}/c/pay/{session['id']}"
    call.tx.insert(call.account, session)
    _keep_parts(call, session, params)
    return session


def _one_currency(items: list[_Item]) -> str:
    param = "line_items[0][price_data][currency]"
    currencies = {checked_currency(item.price_data.currency, param=param) for item in items}
    if len(currencies) != 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    return currencies.pop()


def _check_total(call: Call, total: int, currency: str, fee: int | None) -> None:
    if not smallest_charge(currency) <= total <= _LARGEST:
        word = "small" if total < smallest_charge(currency) else "large"
        message = f"The Checkout Session's total amount is too {word} for {currency}."
        raise invalid(message, param="line_items", code=f"amount_too_{word}")
    if fee is None:
        return
    param = "payment_intent_data[application_fee_amount]"
    if not call.is_connected:
        raise invalid(
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a"
            " direct payment (using an OAuth key or Stripe-Account header) or destination payment"
            " (using `transfer_data[destination]`).",
            param=param,
        )
    if fee > total:
        raise invalid("Application fee cannot be greater than the amount.", param=param)


def _check_customer(call: Call, params: _CreateParams) -> None:
    if params.customer and params.customer_email:
        raise invalid(
            "You may only specify one of these parameters: customer, customer_email.",
            param="customer",
        )
    if params.customer:
        call.own("customer", params.customer, param="customer", status=400)
    account = call.tx.get("account", call.account)
    if account is not None and not account["charges_enabled"]:
        raise refused("Your account cannot currently make live charges.", code="account_invalid")


def _expires_at(now: int, wanted: int | None) -> int:
    if wanted is None:
        return now + LONGEST_SECONDS
    if wanted < now + SHORTEST_SECONDS:
        bound = "at least 30 minutes"
    elif wanted > now + LONGEST_SECONDS:
        bound = "less than 24 hours"
    else:
        return wanted
    raise invalid(
        f"The `expires_at` timestamp must be {bound} from Checkout Session creation.",
        param="expires_at",
    )


def _keep_parts(call: Call, session: Object, params: _CreateParams) -> None:
    """The line items, and what the PaymentIntent shall be like when it is made."""
    for item in params.line_items:
        line = _line_item(call, item)
        call.tx.insert(call.account, line | {"session": session["id"]})
    wishes: dict[str, Any] = params.payment_intent_data.model_dump()
    wishes["metadata"] = merged({}, params.payment_intent_data.metadata)
    wishes["id"] = "wishes_" + session["id"]
    call.tx.insert(call.account, wishes, kind="checkout.wishes")


def _line_item(call: Call, item: _Item) -> Object:
    amount = item.price_data.unit_amount * item.quantity
    currency = item.price_data.currency.lower()
    price = shaped(
        "price",
        now=call.now,
        active=False,
        currency=currency,
        product=new_id("product"),
        tax_behavior=item.price_data.tax_behavior,
        unit_amount=item.price_data.unit_amount,
        unit_amount_decimal=str(item.price_data.unit_amount),
    )
    return shaped(
        "item",
        now=call.now,
        amount_subtotal=amount,
        amount_total=amount,
        currency=currency,
        description=item.price_data.product_data.name,
        price=price,
        quantity=item.quantity,
    )


def line_items(call: Call, session: Object, params: ListParams | None = None) -> Object:
    """The session's line items as a list, in the order they were given."""
    params = params or ListParams()
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    items = call.tx.find("item", "session", session["id"])
    ids = [item["id"] for item in items]
    first = ids.index(params.starting_after) + 1 if params.starting_after in ids else 0
    shown = items[first : first + params.limit]
    for item in shown:
        del item["session"]
    return list_of(url, shown, has_more=len(items) > first + len(shown))


def _with_line_items(call: Call, session: Object) -> Object:
    if any(
        path == "line_items" or path.startswith("line_items.")
        for path in call.params.get("expand", [])
    ):
        session["line_items"] = line_items(call, session)
    return session


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/checkout/sessions/{id}."""
    session = call.own("checkout.session", id)
    expiry.expire_if_due(call, session)
    return _with_line_items(call, session)


def listed(call: Call) -> Object:
    """GET /v1/checkout/sessions, by customer, PaymentIntent and status."""
    params = call.checked(_ListParams)
    return page(
        call,
        "checkout.session",
        "/v1/checkout/sessions",
        params,
        customer=params.customer,
        payment_intent=params.payment_intent,
        status=params.status,
    )


def list_line_items(call: Call, id: str) -> Object:
    """GET /v1/checkout/sessions/{id}/line_items."""
    session = call.own("checkout.session", id)
    return line_items(call, session, call.checked(ListParams))


def expire(call: Call, id: str) -> Object:
    """POST /v1/checkout/sessions/{id}/expire: only open sessions can be expired."""
    call.checked(Params)
    session = call.own("checkout.session", id)
    if session["status"] != "open":
        raise refused(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
            f" Session has a status of {session['status']}.",
        )
    expiry.expire(call, session)
    return session


ROUTES = [
    Route("GET", "/v1/checkout/sessions", listed),
    Route("POST", "/v1/checkout/sessions", create),
    Route("GET", "/v1/checkout/sessions/{id}", retrieve),
    Route("GET", "/v1/checkout/sessions/{id}/line_items", list_line_items),
    Route("POST", "/v1/checkout/sessions/{id}/expire", expire),
]
