# Forwards every verb to the host program in cli/, building it first when its sources have changed.
$ErrorActionPreference = 'Stop'
# The caller may have made failing programs into exceptions: here an exit code is an answer.
$PSNativeCommandUseErrorActionPreference = $false
$root = $PSScriptRoot
$program = Join-Path $root 'artifacts/bin/cli/release/Atoll.Cli.dll'
$stamp = Join-Path $root 'artifacts/cli.stamp'

# What a person wants to see of a build: which project is done, and every error.
filter Show-BuildLine { if ($_ -and -not $_.StartsWith('  Restored ')) { [Console]::Error.WriteLine($_ -replace ' -> .*') } }

function Test-Stale {
    if (-not (Test-Path -LiteralPath $program) -or -not (Test-Path -LiteralPath $stamp)) { return $true }
    $built = (Get-Item -LiteralPath $stamp).LastWriteTimeUtc
    foreach ($name in 'cli', 'linker', 'test-vm', 'bench', 'kernel/Abi', 'Directory.Build.props', 'Directory.Packages.props', 'global.json') {
        $source = Join-Path $root $name
        $files = @(Get-Item -LiteralPath $source) + @(Get-ChildItem -LiteralPath $source -Recurse)
        if ($files | Where-Object LastWriteTimeUtc -GT $built | Select-Object -First 1) { return $true }
    }
    return $false
}

# The environment is the whole session's: what is set here is put back at the end.
$settings = @{ DOTNET_NOLOGO = '1'; DOTNET_CLI_TELEMETRY_OPTOUT = '1'; MSBUILDDISABLENODEREUSE = '1' }
$before = @{}
foreach ($name in $settings.Keys) {
    $before[$name] = [Environment]::GetEnvironmentVariable($name)
    [Environment]::SetEnvironmentVariable($name, $settings[$name])
}
$code = 1
try {
    if (Test-Stale) {
        try {
            New-Item -ItemType Directory -Force -Path (Join-Path $root 'artifacts') | Out-Null
            [IO.File]::WriteAllText("$stamp.new", '')
        }
        catch {
            [Console]::Error.WriteLine("cannot write to $root/artifacts, where builds go: copy the checkout to a folder that you may write to")
            exit 1
        }
        [Console]::Error.WriteLine('building the host program (about a minute the first time)')
        dotnet msbuild (Join-Path $root 'cli') -restore -p:Configuration=Release -v:minimal -nologo -tl:off | Show-BuildLine
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
        # A copy keeps the time, and takes brackets in a path for what they are.
        [IO.File]::Copy("$stamp.new", $stamp, $true)
    }
    # A pipe into this script is not the program's input by itself.
    if ($MyInvocation.ExpectingInput) { $input | dotnet exec $program @args } else { dotnet exec $program @args }
    $code = $LASTEXITCODE
}
finally {
    foreach ($name in $before.Keys) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
}
exit $code
