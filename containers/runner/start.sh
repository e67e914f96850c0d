#!/bin/sh
# Starts the runner with the variables that it knows and no others. Whoever may start a task may override its command and any variable
# (NODE_OPTIONS would load code, AWS_ENDPOINT_URL send the backup elsewhere); an entry point cannot be overridden. Arguments are dropped.
for bin in /usr/lib/postgresql/*/bin; do programs="$bin:${programs:-}"; done
exec /usr/bin/env -i \
  PATH="${programs}/usr/local/bin:/usr/bin:/bin" HOME=/scratch LANG=C.UTF-8 NODE_ENV=production \
  NIGHTSHIFT_SCRATCH=/scratch NIGHTSHIFT_DATABASE_CA=/opt/nightshift/rds-authorities.pem \
  NIGHTSHIFT_JOB="${NIGHTSHIFT_JOB:-}" NIGHTSHIFT_STORE="${NIGHTSHIFT_STORE:-}" \
  NIGHTSHIFT_PROOF_SETTINGS="${NIGHTSHIFT_PROOF_SETTINGS:-{\}}" NIGHTSHIFT_TARGET_HOSTS="${NIGHTSHIFT_TARGET_HOSTS:-}" \
  NIGHTSHIFT_DATABASE_URL="${NIGHTSHIFT_DATABASE_URL:-}" NIGHTSHIFT_RESTORE_URL="${NIGHTSHIFT_RESTORE_URL:-}" \
  AWS_REGION="${AWS_REGION:-}" AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:-}" \
  AWS_EC2_METADATA_DISABLED=true AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true \
  /usr/local/bin/node --enable-source-maps /opt/nightshift/runner.mjs
