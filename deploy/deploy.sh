#!/usr/bin/env bash
# Brings up the Polychat that .env describes, or the next version of it: `./deploy/deploy.sh`. Finds out what is in front of it,
# waits until it is healthy, and goes back to the version before if it does not become so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

command -v docker >/dev/null || fail "Docker is missing. Get it at https://docs.docker.com/engine/install/."
docker compose version >/dev/null 2>&1 || fail "Docker is without its plugin compose, or you may not use Docker."
[ -f .env ] || fail "There is no .env. Copy .env.example and fill it in."

# A setting: the environment goes before .env, as with compose itself.
setting() {
    if [ -n "${!1-}" ]; then
        printf '%s' "${!1}"
    else
        sed -n -e 's/\r$//' -e "s/^$1=//p" .env | tail -n 1 | sed -e 's/^"\(.*\)"$/\1/' -e "s/^'\(.*\)'$/\1/"
    fi
}

domain=$(setting DOMAIN)
[[ $domain =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$ ]] ||
    fail "DOMAIN in .env has to be a name such as chat.example.com, in small letters, without https://."
[ "$domain" != chat.example.com ] || fail "DOMAIN in .env is still that of the example."

image=$(setting POLYCHAT_IMAGE)
traefik=$(setting TRAEFIK)
traefik=${traefik:-auto}

# The running containers whose image is a Traefik, as "id project".
traefiks() {
    docker ps --format '{{.ID}} {{.Image}} {{.Label "com.docker.compose.project"}}' |
        awk '$2 ~ /(^|\/)traefik(:|@|$)/ { print $1, $3 }'
}
others() { traefiks | awk '$2 != "polychat" { print $1; exit }'; }
ours() { traefiks | awk '$2 == "polychat" { print $1; exit }'; }

# Whether a program listens on a port of this computer.
taken() { command -v ss >/dev/null && [ -n "$(ss -H -l -t -n "sport = :$1")" ]; }

if [ "$traefik" = auto ]; then
    if [ -n "$(others)" ]; then
        traefik=shared
    elif [ -n "$(ours)" ]; then
        traefik=own
    elif taken 80 || taken 443; then
        fail "Port 80 or 443 is taken, and not by a Traefik in a container. Write TRAEFIK=off into .env, and let the" \
            "program that has it pass requests on: docs/reverse-proxy.md says how."
    else
        traefik=own
    fi
fi

unset COMPOSE_FILE COMPOSE_PROFILES
case $traefik in
own)
    [[ $(setting TRAEFIK_ACME_EMAIL) == ?*@?* ]] || fail "TRAEFIK_ACME_EMAIL in .env has to be an address for mail."
    export COMPOSE_FILE=compose.yaml COMPOSE_PROFILES=traefik
    say "With a Traefik of its own."
    ;;
shared)
    other=$(others)
    TRAEFIK_NETWORK=$(setting TRAEFIK_NETWORK)
    TRAEFIK_CERT_RESOLVER=$(setting TRAEFIK_CERT_RESOLVER)
    if [ -n "$other" ] && [ -z "$TRAEFIK_NETWORK" ]; then
        networks=$(docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}' "$other")
        case $networks in
        # It is in the network of the computer itself, so it reaches every other one.
        *host*) TRAEFIK_NETWORK=polychat-edge ;;
        *) TRAEFIK_NETWORK=$(grep -v -x -e bridge -e none -e '' <<<"$networks" | head -n 1) || true ;;
        esac
    fi
    [ -n "$TRAEFIK_NETWORK" ] ||
        fail "The Traefik that runs here is in no network that others can join. Put it into one, and name that in" \
            ".env: TRAEFIK_NETWORK=…"
    if [ -n "$other" ] && [ -z "$TRAEFIK_CERT_RESOLVER" ]; then
        TRAEFIK_CERT_RESOLVER=$(docker inspect --format '{{range .Args}}{{println .}}{{end}}' "$other" |
            sed -n -e 's/^--certificatesresolvers\.\([^.=]*\)\..*/\1/Ip' | head -n 1) || true
    fi
    TRAEFIK_CERT_RESOLVER=${TRAEFIK_CERT_RESOLVER:-letsencrypt}
    export COMPOSE_FILE=compose.yaml:deploy/compose.shared-traefik.yaml COMPOSE_PROFILES=''
    export TRAEFIK_NETWORK TRAEFIK_CERT_RESOLVER
    docker network inspect "$TRAEFIK_NETWORK" >/dev/null 2>&1 || docker network create "$TRAEFIK_NETWORK" >/dev/null
    say "Behind the Traefik that runs here: network $TRAEFIK_NETWORK, certificates by $TRAEFIK_CERT_RESOLVER."
    ;;
off)
    export COMPOSE_FILE=compose.yaml:deploy/compose.port.yaml COMPOSE_PROFILES=''
    port=$(setting PORT)
    say "On port ${port:-7117} of this computer, for a proxy of yours."
    ;;
*) fail "TRAEFIK in .env has to be auto, own, shared or off." ;;
esac

case $(setting REDIS) in
'' | off) ;;
own)
    export COMPOSE_PROFILES=${COMPOSE_PROFILES:+$COMPOSE_PROFILES,}redis REDIS_URL=redis://redis:6379
    say "With a Redis of its own."
    ;;
*) fail "REDIS in .env has to be own or off; for another one, name its address in REDIS_URL." ;;
esac

docker compose config --quiet
if [ -n "$image" ]; then
    docker compose pull --quiet
else
    docker compose pull --quiet --ignore-buildable
    docker compose build
    image=polychat-server:local
fi
# Of an earlier deployment with other things in front and behind. Certificates stay.
for service in traefik redis; do
    case ,$COMPOSE_PROFILES, in
    *,"$service",*) ;;
    *) docker compose --profile "$service" rm --stop --force "$service" >/dev/null 2>&1 || true ;;
    esac
done

up() { docker compose up --detach --no-build --remove-orphans --wait --wait-timeout 120; }

# The image that was healthy last.
kept=.deployed-image
before=$(cat "$kept" 2>/dev/null || true)
if ! up; then
    docker compose logs --tail 50 >&2 || true
    if [ -n "$before" ] && [ "$before" != "$image" ]; then
        say "$image did not become healthy. Going back to $before."
        POLYCHAT_IMAGE=$before up || fail "$before does not become healthy either."
        fail "$before runs again."
    fi
    fail "$image did not become healthy."
fi
printf '%s\n' "$image" >"$kept"
docker compose exec -T polychat polychat-server health
if [ -n "$before" ] && [ "$before" != "$image" ]; then
    docker image rm "$before" >/dev/null 2>&1 || true
fi
say "$image runs at https://$domain."
