"""The application whose tasks the broker tests run. Every task tells its log when it begins and ends: that is the ground truth."""

import json
import os
import time

from celery import Celery
from kombu import Exchange, Queue

app = Celery("nap", broker=os.environ["NAP_BROKER"])
settings = json.loads(os.environ.get("NAP_SETTINGS", "{}"))
queues = settings.pop("queues", None)
app.conf.update({"broker_connection_retry_on_startup": True, "worker_hijack_root_logger": False, **settings})
if queues:
    app.conf.task_queues = [
        Queue(one["name"], Exchange(one.get("exchange", one["name"]), type=one.get("type", "direct")), one.get("key", one["name"]), queue_arguments=one.get("arguments"))
        for one in queues
    ]


def tell(line):
    # One write of a short line to a file opened for appending is never torn.
    handle = os.open(os.environ["NAP_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, (json.dumps({**line, "at": time.time()}) + "\n").encode())
    os.close(handle)


@app.task(bind=True, name="nap")
def nap(self, seconds, ballast=""):
    tell({"what": "began", "id": self.request.id, "worker": self.request.hostname})
    time.sleep(seconds)
    tell({"what": "ended", "id": self.request.id, "worker": self.request.hostname})
