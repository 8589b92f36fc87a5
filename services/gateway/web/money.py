"""The way to the money desk: of the one practice, or of several to choose from."""

from fastapi import APIRouter, Request, Response

from services.common.errors import Forbidden
from services.gateway.asking import WebVisitor
from services.gateway.web.money_desk import AtMoney, keeps_money, money_url
from services.gateway.web.page import page, redirect

router = APIRouter()


@router.get("/money")
async def money_page(request: Request, visitor: WebVisitor) -> Response:
    """On to the practice's desk; who keeps several chooses one."""
    kept = keeps_money(visitor.require_login().account)
    if not kept:
        raise Forbidden("This page is for those who answer for the money.")
    if len(kept) == 1:
        return redirect(request, money_url(kept[0].practice_id))
    practices = [{"name": one.practice_name, "url": money_url(one.practice_id)} for one in kept]
    return await page(request, "money_choice.html", {"practices": practices}, active="money")


@router.get("/practices/{practice_id}/money")
async def desk_page(desk: AtMoney) -> Response:
    """The first section."""
    return redirect(desk.request, desk.url("payments"))
