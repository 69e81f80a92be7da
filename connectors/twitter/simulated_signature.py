"""Checks OAuth 1.0a signatures as X does: over method, real host, path and parameters. JSON bodies are not signed."""

import hmac

from aiohttp import web
from oauthlib.oauth1 import Client
from oauthlib.oauth1.rfc5849 import signature

HOST = "https://api.twitter.com"


def is_signed(request: web.Request, *, secrets: tuple[str, str, str, str]) -> bool:
    """`secrets`: consumer key, its secret, access token, its secret."""
    consumer_key, consumer_secret, access_token, token_secret = secrets
    if not request.headers.get("Authorization", "").startswith("OAuth "):
        return False
    given = dict(signature.collect_parameters(headers=dict(request.headers), exclude_oauth_signature=False))
    named = (given.get("oauth_consumer_key"), given.get("oauth_token"))
    if named != (consumer_key, access_token) or given.get("oauth_signature_method") != "HMAC-SHA1":
        return False
    parameters = signature.collect_parameters(
        uri_query=request.rel_url.raw_query_string, headers=dict(request.headers), with_realm=False
    )
    base = signature.signature_base_string(
        request.method,
        signature.base_string_uri(HOST + request.rel_url.raw_path),
        signature.normalize_parameters(parameters),
    )
    signer = Client(consumer_key, client_secret=consumer_secret, resource_owner_secret=token_secret)
    expected = signature.sign_hmac_sha1_with_client(base, signer)
    return hmac.compare_digest(expected, given.get("oauth_signature", ""))
