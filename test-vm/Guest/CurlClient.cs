using System.Diagnostics;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Guest;

/// <summary>curl, as a person uses it.</summary>
public static class CurlClient
{
    // A loaded host slows a guest a hundredfold.
    private const string Patience = "60";

    /// <summary>Debian's package.</summary>
    public static DebianPackage Package { get; } = new("curl", "/usr/bin/curl");

    /// <summary>What it says, errors included; null: it is not installed.</summary>
    public static string? Ask(params IEnumerable<string> arguments)
    {
        if (!Package.IsInstalled)
        {
            return null;
        }

        ProcessStartInfo start = new(Package.File, ["-sS", "--max-time", Patience, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return told + errors.Result;
    }
}
