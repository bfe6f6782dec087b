#!/usr/bin/env bash
# Deploys to a server by SSH: copies what deploy.sh needs, writes .env, runs deploy.sh there. Everything comes from the
# environment; .github/workflows/deploy.yml fills it from the secrets and variables that docs/operators.md lists.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

for name in SSH_HOST SSH_USER SSH_PRIVATE_KEY SSH_KNOWN_HOSTS DEPLOY_PATH DOMAIN POLYCHAT_IMAGE; do
    [ -n "${!name-}" ] || fail "$name is not set."
done
# It becomes part of a command on the server.
[[ $DEPLOY_PATH =~ ^/[A-Za-z0-9._/-]+$ ]] || fail "DEPLOY_PATH has to be a whole path, without blanks."

secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT
(
    umask 077
    printf '%s\n' "$SSH_PRIVATE_KEY" >"$secrets/key"
    printf '%s\n' "$SSH_KNOWN_HOSTS" >"$secrets/known_hosts"
)

# Only the host that SSH_KNOWN_HOSTS names is spoken to.
remote() {
    ssh -i "$secrets/key" -p "${SSH_PORT:-22}" -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes \
        -o UserKnownHostsFile="$secrets/known_hosts" "$SSH_USER@$SSH_HOST" "$1"
}

tar -c compose.yaml .env.example deploy | remote "mkdir -p '$DEPLOY_PATH' && tar -x -C '$DEPLOY_PATH'"
{
    printf '# Written by deploy/over-ssh.sh at every deployment.\n'
    for name in DOMAIN TRAEFIK_ACME_EMAIL POLYCHAT_IMAGE TRAEFIK CPU_LIMIT MEMORY_LIMIT; do
        [ -z "${!name-}" ] || printf '%s=%s\n' "$name" "${!name}"
    done
    # Further lines, as they are.
    printf '%s\n' "${SETTINGS-}"
} | remote "umask 077 && cat > '$DEPLOY_PATH/.env'"
remote "'$DEPLOY_PATH/deploy/deploy.sh'"
