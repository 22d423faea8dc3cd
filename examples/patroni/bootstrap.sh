#!/bin/sh
# Runs once, on the first leader, when the cluster begins: an account and a database for Kept. The
# account is no superuser: it may do what it likes in its own database, and nothing outside.
set -eu
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 "$1" <<'SQL'
CREATE ROLE kept LOGIN;
CREATE DATABASE kept OWNER kept;
REVOKE ALL ON DATABASE kept FROM PUBLIC;
SQL
