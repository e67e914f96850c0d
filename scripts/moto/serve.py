"""moto's server, one request at a time: its stores check and then write without a lock, so that two conditional
writes at once could both succeed, which DynamoDB never lets happen."""

import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
