#!/usr/bin/env bash
# Real brokers for `npm run test:brokers`: Debian's Redis, RabbitMQ and Celery 5.2, and Celery 5.6 from PyPI in .venv/celery.
# Does nothing where all of it is there. Starts no service: the tests start their own, on their own ports.
set -euo pipefail
cd "$(dirname "$0")/../.."
missing=()
[ -x /usr/bin/redis-server ] || missing+=(redis-server)
command -v openssl >/dev/null || missing+=(openssl)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
/usr/bin/python3 -c "import celery, redis, amqp" 2>/dev/null || missing+=(python3-celery python3-redis python3-amqp)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "brokers: missing ${missing[*]}; on Debian run this script as root, elsewhere install them yourself" >&2
    exit 1
  fi
  # Debian starts a service when it is installed unless this file says no; one that was there is put back.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
venv=.venv/celery
wanted="$(cat scripts/brokers/requirements.txt scripts/brokers/constraints.txt)"
if [ "$(cat "$venv/installed.txt" 2>/dev/null || true)" != "$wanted" ]; then
  echo "brokers: installing Celery 5.6 from PyPI into $venv (once)"
  python3 -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r scripts/brokers/requirements.txt -c scripts/brokers/constraints.txt
  printf '%s\n' "$wanted" > "$venv/installed.txt"
fi
