"""Publishes the tasks that standard input lists, one JSON a line, and prints each one's id."""

import json
import sys

from nap import app, nap

with app.connection_for_write() as connection, app.amqp.producer_pool.acquire(block=True) as producer:
    for line in sys.stdin:
        asked = json.loads(line)
        args = [asked.pop("seconds"), *([asked.pop("ballast")] if "ballast" in asked else [])]
        print(nap.apply_async(args, producer=producer, **asked).id, flush=True)
