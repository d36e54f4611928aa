#!/usr/bin/env bash
# Forwards every verb to the host program in cli/, building it first when its sources have changed.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$root/artifacts/bin/cli/release/Atoll.Cli.dll
stamp=$root/artifacts/cli.stamp
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
sources=("$root"/{cli,linker,test-vm,bench,kernel/Abi} "$root"/{Directory.Build.props,Directory.Packages.props,global.json})
if [ ! -f "$program" ] || [ ! -f "$stamp" ] || [ -n "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]; then
    mkdir -p "$root/artifacts" && touch "$stamp.new"
    echo 'building the host program' >&2
    dotnet build "$root/cli" -c Release -v quiet -nologo --tl:off -clp:ErrorsOnly >&2
    mv "$stamp.new" "$stamp"
fi
exec dotnet exec "$program" "$@"
