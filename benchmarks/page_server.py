"""The pages over one database, as a process of their own for `benchmarks.pages`; prints its address."""

import sys

import uvloop

from benchmarks.city import NOW
from bots.pages import PageServer, keep_what_is_loaded
from bots.queues.local import LocalBus, LocalQueue
from inbox.web.desk import Desk
from models.clock import StillClock
from models.db import Database
from models.profile import load_profile


async def serve(url: str) -> None:
    """Until killed."""
    desk = Desk(
        database=Database(url), clock=StillClock(NOW), profile=load_profile("izmir"), queue=LocalQueue(), bus=LocalBus()
    )
    server = PageServer(desk, host="127.0.0.1", port=0)
    await server.start()
    keep_what_is_loaded()
    print(server.address, flush=True)
    await server.wait()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
