using System.Diagnostics;
using System.Globalization;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Guest;

/// <summary>nmap, which tells what answers at a port.</summary>
public static class NmapClient
{
    /// <summary>Debian's package.</summary>
    public static DebianPackage Package { get; } = new("nmap", "/usr/bin/nmap");

    /// <summary>Connects to ports of 127.0.0.1.</summary>
    /// <param name="asks">Whether it also tries what a service says to each thing that it may be asked, and so tells which it is.</param>
    /// <param name="ports">The ports.</param>
    /// <returns>What it tells, errors included.</returns>
    public static string Scan(bool asks, params IEnumerable<int> ports)
    {
        string list = string.Join(',', ports.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        using Process process = Process.Start(new ProcessStartInfo(Package.File, ["-n", "-Pn", "-sT", .. asks ? (string[])["-sV", "--version-light"] : [], "-p", list, "127.0.0.1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return told + errors.Result;
    }
}
