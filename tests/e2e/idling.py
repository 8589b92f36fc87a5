"""What idleness does to a login, and signing in again beside a page that waits."""

from redis import Redis

from deploy.local.product import Product
from services.common.crypto import token_key
from services.contracts.logins import redis_key
from tests.e2e.browsing import Visit
from tests.e2e.steps import sign_in


def end_login(visit: Visit, product: Product) -> None:
    """What idleness does: the login's key runs out."""
    name = f"__Host-attune-{product.port}"
    [token] = [one["value"] for one in visit.context.cookies() if one["name"] == name]
    with Redis.from_url(product.stack.redis_url) as redis:
        assert redis.delete(redis_key(token_key(token))) == 1


def sign_in_beside(visit: Visit, email: str, password: str) -> None:
    """In another window of the same browser; the page that waits stays as it is."""
    other = Visit(visit.context, visit.context.new_page(), visit.watch, visit.base_url)
    sign_in(other, email, password)
    other.page.close()
