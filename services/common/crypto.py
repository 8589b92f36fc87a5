"""Random tokens, their stored form, and keyed signatures."""

import base64
import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A fresh URL-safe secret of 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_key(token: str) -> str:
    """The form in which a token may be stored or sent between services: SHA-256, hex.

    A plain hash is enough because the token itself holds 256 random bits (OWASP ASVS 5.0, 11.4).
    """
    return hashlib.sha256(token.encode()).hexdigest()


def sign(key: bytes, purpose: str, value: str) -> str:
    """HMAC-SHA-256 of `value` under `key`, URL-safe; `purpose` keeps uses apart."""
    mac = hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def is_signed(key: bytes, purpose: str, value: str, signature: str) -> bool:
    """Whether `signature` is `sign(key, purpose, value)`, compared in constant time."""
    return hmac.compare_digest(sign(key, purpose, value).encode(), signature.encode())
