#!/usr/bin/env bash
# Debian's Chromium for `npm run test:browser`; does nothing where one is installed.
set -euo pipefail
if [ -x /usr/bin/chromium ]; then exit 0; fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
