"""Private answers to comments, for the tests of both platforms that know them."""

from connectors.meta.simulation_account import SimulatedAccount
from models.enums import SendMode, Surface
from models.messages import OutboundMessage


def private_answer(comment_id, person_id, text="Adresinizi buraya yazar mısınız?", **more):
    return OutboundMessage(
        reference=more.pop("reference", "1"),
        surface=Surface.COMMENT,
        recipient_id=person_id,
        text=text,
        reply_to=comment_id,
        mode=SendMode.PRIVATE_REPLY,
        by_human=True,
        **more,
    )


def writer(simulator: SimulatedAccount, comment_id: str) -> str:
    return simulator._find(comment_id)[1].writer.id
