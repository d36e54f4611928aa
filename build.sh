#!/usr/bin/env bash
# Forwards every verb to the host program in cli/, building it first when its sources have changed.
set -eu -o pipefail
shopt -s globstar dotglob nullglob

# No program and no subshell runs before the host program does, unless that must be built: Bash forgets a Ctrl-C that comes while it
# waits for a child which then ends as if nothing had been.
case ${BASH_SOURCE[0]} in
    */*) CDPATH='' cd "${BASH_SOURCE[0]%/*}/" ;;
esac
root=$PWD
cd "${OLDPWD:-.}"
program=$root/artifacts/bin/cli/release/Atoll.Cli.dll
stamp=$root/artifacts/cli.stamp
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

is_stale() {
    [ -f "$program" ] && [ -f "$stamp" ] || return 0
    local source
    for source in "$root"/{cli,linker,test-vm,bench,kernel/Abi}/** "$root"/{Directory.Build.props,Directory.Packages.props,global.json}; do
        [ ! "$source" -nt "$stamp" ] || return 0
    done
    return 1
}

# What a person wants to see of a build: which project is done, and every error.
progress() {
    while IFS= read -r line; do
        case $line in
            '' | '  Restored '*) ;;
            *) echo "${line%% -> *}" >&2 ;;
        esac
    done
}

if is_stale; then
    trap 'exit 130' INT
    if ! { mkdir -p "$root/artifacts" && touch "$stamp.new"; } 2>/dev/null; then
        echo "cannot write to $root/artifacts, where builds go: copy the checkout to a folder that you may write to" >&2
        exit 1
    fi
    echo 'building the host program (about a minute the first time)' >&2
    # What was typed meanwhile is for the host program.
    dotnet msbuild "$root/cli" -restore -p:Configuration=Release -v:minimal -nologo -tl:off </dev/null | progress
    mv "$stamp.new" "$stamp"
    trap - INT
fi
exec dotnet exec "$program" "$@"
