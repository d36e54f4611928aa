# Forwards every verb to the host program in cli/, building it first when its sources have changed.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$program = Join-Path $root 'artifacts/bin/cli/release/Atoll.Cli.dll'
$stamp = Join-Path $root 'artifacts/cli.stamp'
$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:MSBUILDDISABLENODEREUSE = '1'
$names = 'cli', 'linker', 'test-vm', 'bench', 'kernel/Abi', 'Directory.Build.props', 'Directory.Packages.props', 'global.json'
$sources = $names | ForEach-Object { Get-Item (Join-Path $root $_); Get-ChildItem (Join-Path $root $_) -Recurse }
$built = if ((Test-Path $program) -and (Test-Path $stamp)) { (Get-Item $stamp).LastWriteTimeUtc } else { [DateTime]::MinValue }
if ($sources | Where-Object LastWriteTimeUtc -GT $built | Select-Object -First 1) {
    New-Item -ItemType Directory -Force (Join-Path $root 'artifacts') | Out-Null
    New-Item -ItemType File -Force "$stamp.new" | Out-Null
    [Console]::Error.WriteLine('building the host program')
    dotnet build (Join-Path $root 'cli') -c Release -v quiet -nologo --tl:off -clp:ErrorsOnly | ForEach-Object { [Console]::Error.WriteLine($_) }
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    Move-Item -Force "$stamp.new" $stamp
}
dotnet exec $program @args
exit $LASTEXITCODE
