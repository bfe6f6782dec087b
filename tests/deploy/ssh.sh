#!/usr/bin/env bash
# Stands in for ssh where tests/deploy/scripts.rs deploys: the server is this computer.
set -u
here=$(dirname "$0")
printf '%s\n' "${*%"${!#}"}" >>"$here/spoken"
while getopts "i:p:o:" option; do
    case $option$OPTARG in
    i*) cat "$OPTARG" >"$here/key"; stat -c %a "$OPTARG" >"$here/key-mode" ;;
    oUserKnownHostsFile=*) cat "${OPTARG#*=}" >"$here/known" ;;
    esac
done
# What a server does with a command.
exec env -i PATH="$PATH" HOME="$here" bash -c "${!#}"
