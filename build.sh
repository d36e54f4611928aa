#!/usr/bin/env bash
# Forwards every verb to the host program in cli/, building it first when its sources have changed.
set -eu -o pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$root/artifacts/bin/cli/release/Atoll.Cli.dll
stamp=$root/artifacts/cli.stamp
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
sources=("$root"/{cli,linker,test-vm,bench,kernel/Abi} "$root"/{Directory.Build.props,Directory.Packages.props,global.json})

# What a person wants to see of a build: which project is done, and every error.
progress() {
    while IFS= read -r line; do
        case $line in
            '' | '  Restored '*) ;;
            *) echo "${line%% -> *}" >&2 ;;
        esac
    done
}

if [ ! -f "$program" ] || [ ! -f "$stamp" ] || [ -n "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]; then
    if ! { mkdir -p "$root/artifacts" && touch "$stamp.new"; } 2>/dev/null; then
        echo "cannot write to $root/artifacts, where builds go: copy the checkout to a folder that you may write to" >&2
        exit 1
    fi
    echo 'building the host program (about a minute the first time)' >&2
    dotnet msbuild "$root/cli" -restore -p:Configuration=Release -v:minimal -nologo -tl:off | progress
    mv "$stamp.new" "$stamp"
fi
exec dotnet exec "$program" "$@"
