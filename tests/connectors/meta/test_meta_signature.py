import hashlib
import hmac

from connectors.meta.signature import appsecret_proof, handshake, verify_signature

SECRET = "uygulama-sirri"
BODY = b'{"object":"page","entry":[{"text":"Soka\\u011f\\u0131m\\u0131z"}]}'


def sign(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_signature_of_exact_bytes_is_accepted():
    assert verify_signature(SECRET, sign(BODY), BODY)


def test_json_written_anew_fails():
    assert not verify_signature(SECRET, sign(BODY), BODY.decode("unicode_escape").encode())


def test_wrong_secret_missing_header_and_strange_letters_fail():
    assert not verify_signature("başka", sign(BODY), BODY)
    assert not verify_signature(SECRET, {}, BODY)
    assert not verify_signature(SECRET, {"x-hub-signature-256": "sha256=ğü"}, BODY)
    assert not verify_signature(SECRET, {"x-hub-signature-256": "sha1=00"}, BODY)


def test_empty_secret_accepts_nothing():
    assert not verify_signature("", sign(BODY, ""), BODY)


def test_handshake_gives_the_challenge_back():
    query = {"hub.mode": "subscribe", "hub.verify_token": "jeton", "hub.challenge": "1158201444"}
    assert handshake(query, "jeton") == "1158201444"


def test_handshake_refuses_wrong_token_mode_and_unset_token():
    query = {"hub.mode": "subscribe", "hub.verify_token": "jeton", "hub.challenge": "1"}
    assert handshake(query, "ğ-başka") is None
    assert handshake({**query, "hub.mode": "unsubscribe"}, "jeton") is None
    assert handshake({**query, "hub.verify_token": ""}, "") is None
    assert handshake({}, "jeton") is None


def test_proof_is_a_hexadecimal_digest():
    assert appsecret_proof("sir", "token") == hmac.new(b"sir", b"token", hashlib.sha256).hexdigest()
