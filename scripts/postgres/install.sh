#!/usr/bin/env bash
# Real PostgreSQL for `npm run test:postgres`: Debian's server and client (15 on Debian 12), zstd and restic.
# Does nothing where all of it is there. Starts no service: the tests start their own servers, on their own ports.
set -euo pipefail
cd "$(dirname "$0")/../.."
missing=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
compgen -G "/usr/lib/postgresql/*/bin/pg_amcheck" >/dev/null || missing+=(postgresql-client)
command -v zstd >/dev/null || missing+=(zstd)
command -v restic >/dev/null || missing+=(restic)
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
    trap 'rm -f "$policy"' EXIT
  fi
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null
fi
