#!/usr/bin/env bash
# Stands in for Docker where tests/deploy/scripts.rs runs the scripts: notes what it is asked for, and answers as told by the files
# beside it.
set -u
here=$(dirname "$0")
printf '%s|%s|%s|%s|%s\n' "${COMPOSE_FILE-}" "${COMPOSE_PROFILES-}" "${TRAEFIK_NETWORK-}" "${TRAEFIK_CERT_RESOLVER-}" "$*" >>"$here/asked"
case "$*" in
"ps --format "*) cat "$here/running" 2>/dev/null ;;
"inspect --format "*Networks*) cat "$here/networks" ;;
"inspect --format "*Args*) cat "$here/arguments" 2>/dev/null ;;
"network inspect "*) grep -qx "$3" "$here/networks" 2>/dev/null ;;
"compose up "*)
    printf '%s\n' "${REDIS_URL-}" >"$here/redis-url"
    image=${POLYCHAT_IMAGE:-$(sed -n 's/^POLYCHAT_IMAGE=//p' .env)}
    printf '%s\n' "${image:-polychat-server:local}" >>"$here/up"
    ! grep -qx "${image:-polychat-server:local}" "$here/sick" 2>/dev/null
    ;;
"compose logs "*) echo "the log" ;;
"compose exec "*) echo "Polychat is well." ;;
esac
