"""`Media` of a message in the REST API list, fetch and delete, and hand over the file itself, handed on to the
carrier's storage.

Source: Twilio, messaging/api/media-subresource. The file is at the resource's path without `.json`.
Knows: the ledger. Must not know: what a picture shows.
"""

from flask import Flask, Response, jsonify, request

from voicebot.simulator.ledger import API_VERSION, Media, Message
from voicebot.simulator.rest_answers import ROOT, ApiError, Shape, Switchboard, page, stamp


def add_routes(app: Flask, carrier: Switchboard) -> None:
    """Hang the resource into the API."""
    path = f"{ROOT}/Messages/<message_sid>/Media"

    @app.get(f"{path}.json")
    def list_media(account: str, message_sid: str) -> Response:
        message = _message(carrier, message_sid)
        return page(carrier, "media_list", request.path, found=[_shape(carrier, message, one) for one in message.media])

    @app.get(f"{path}/<sid>.json")
    def fetch_media(account: str, message_sid: str, sid: str) -> Response:
        message = _message(carrier, message_sid)
        return jsonify(_shape(carrier, message, _media(message, sid)))

    @app.get(f"{path}/<sid>")
    def download_media_file(account: str, message_sid: str, sid: str) -> Response:
        media = _media(_message(carrier, message_sid), sid)
        return Response(media.content, content_type=media.kind)

    @app.delete(f"{path}/<sid>.json")
    def delete_media(account: str, message_sid: str, sid: str) -> Response:
        message = _message(carrier, message_sid)
        message.media.remove(_media(message, sid))
        return Response(status=204)


def _message(carrier: Switchboard, sid: str) -> Message:
    message = carrier.ledger.messages.get(sid)
    if message is None:
        raise ApiError(404, 20404, f"The requested resource /Messages/{sid} was not found")
    return message


def _media(message: Message, sid: str) -> Media:
    found = next((one for one in message.media if one.sid == sid), None)
    if found is None:
        raise ApiError(404, 20404, f"The requested resource /Media/{sid} was not found")
    return found


def _shape(carrier: Switchboard, message: Message, media: Media) -> Shape:
    account = carrier.ledger.account_sid
    return {
        "sid": media.sid,
        "account_sid": account,
        "parent_sid": message.sid,
        "content_type": media.kind,
        "date_created": stamp(message.created_at),
        "date_updated": stamp(message.updated_at),
        "uri": f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}/Media/{media.sid}.json",
    }
