"""The city's identity provider over HTTP: OpenID Connect, authorization code with PKCE and nonce, signed ID tokens."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from models.ports import Clock
from models.single_sign_on import ProvenPerson, SignOnError, SignOnTry

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures that we take; never `none`, never one with a shared secret."""
SCOPE = "openid email"
SECONDS = 10.0
LARGEST_ANSWER = 256 * 1024
CLOCK_SKEW = 60
"""Seconds by which the provider's clock may differ from ours."""
STRONG_WAYS = frozenset({"mfa", "otp", "hwk", "sc"})
"""Values of `amr` (RFC 8176) that speak of more than a password."""
UNREACHABLE = "Kurumsal kimlik sağlayıcıya ulaşılamadı. Az sonra yineleyiniz ya da parolanızla giriş yapınız."
REFUSED = "Kurumsal kimlik sağlayıcının yanıtı doğrulanamadı. Lütfen yeniden deneyiniz."


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How the provider knows us."""

    issuer: str
    client_id: str
    client_secret: str


class OidcProvider:
    """An `IdentityProvider`. Addresses are discovered at every log-in: they are few, and keys change."""

    def __init__(self, client: Client, *, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def begin(self, *, come_back_to: str) -> tuple[str, SignOnTry]:
        async with _session() as session:
            addresses = await self._discover(session)
        begun = SignOnTry(
            state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48)
        )
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": come_back_to,
            "scope": SCOPE,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": _challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        return f"{addresses['authorization_endpoint']}?{urlencode(query)}", begun

    async def finish(self, begun: SignOnTry, *, code: str, come_back_to: str) -> ProvenPerson:
        async with _session() as session:
            addresses = await self._discover(session)
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": come_back_to,
                "code_verifier": begun.verifier,
            }
            answer = await _json(session, "POST", addresses["token_endpoint"], form=form, basic=self._basic())
            keys = await _json(session, "GET", addresses["jwks_uri"])
        return self._person(str(answer.get("id_token", "")), keys, nonce=begun.nonce)

    async def _discover(self, session: aiohttp.ClientSession) -> Mapping[str, Any]:
        """The provider's addresses; it must call itself what we call it, and speak TLS outside this machine."""
        issuer = self._client.issuer
        found = await _json(session, "GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != issuer or not all(_is_safe(found.get(name)) for name in names):
            raise SignOnError(REFUSED)
        return found

    def _person(self, token: str, keys: Mapping[str, Any], *, nonce: str) -> ProvenPerson:
        try:
            usable = [key for key in keys.get("keys", []) if key.get("kty") != "oct" and key.get("use", "sig") == "sig"]
            claims = jwt.decode(token, KeySet.import_key_set({"keys": usable}), algorithms=list(ALGORITHMS)).claims
            self._check(claims, nonce=nonce)
        except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise SignOnError(REFUSED) from error
        return ProvenPerson(
            issuer=self._client.issuer,
            subject=claims["sub"],
            email=str(claims.get("email", "")),
            is_email_verified=claims.get("email_verified") is True,
            is_strong=bool(STRONG_WAYS & set(claims.get("amr") or ())),
        )

    def _check(self, claims: Mapping[str, Any], *, nonce: str) -> None:
        """Raise ValueError unless the token is for us, of this try, and of now."""
        now = self._clock.now().timestamp()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        holds = (
            claims.get("iss") == self._client.issuer
            and self._client.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == self._client.client_id)
            and hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode())
            and float(claims["exp"]) > now - CLOCK_SKEW
            and float(claims["iat"]) < now + CLOCK_SKEW
            and isinstance(claims.get("sub"), str)
            and bool(claims["sub"])
        )
        if not holds:
            raise ValueError("the claims do not hold")

    def _basic(self) -> str:
        pair = f"{quote(self._client.client_id, safe='')}:{quote(self._client.client_secret, safe='')}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _is_safe(address: object) -> bool:
    """TLS, or loopback."""
    parts = urlsplit(address if isinstance(address, str) else "")
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))


async def _json(
    session: aiohttp.ClientSession, method: str, address: str, *, form: Mapping[str, str] | None = None, basic: str = ""
) -> dict[str, Any]:
    """An object from the provider. Raises SignOnError; what it said is not repeated, as it may hold secrets."""
    if not _is_safe(address):
        raise SignOnError(REFUSED)
    headers = {"Accept": "application/json", **({"Authorization": basic} if basic else {})}
    try:
        async with session.request(method, address, data=form, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                raise SignOnError(REFUSED if response.status < 500 else UNREACHABLE)
            body = await _body(response)
        found = json.loads(body)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SignOnError(UNREACHABLE) from error
    except ValueError as error:
        raise SignOnError(REFUSED) from error
    if not isinstance(found, dict):
        raise SignOnError(REFUSED)
    return found


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Raises ValueError for an answer that is too large."""
    body = bytearray()
    async for piece in response.content.iter_chunked(16 * 1024):
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise ValueError("the answer is too large")
    return bytes(body)
