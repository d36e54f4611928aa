using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Guest;

/// <summary>iperf3, which sends as much as it can, or is sent to, and counts.</summary>
public static class IperfClient
{
    /// <summary>Debian's package.</summary>
    public static DebianPackage Package { get; } = new("iperf3", "/usr/bin/iperf3");

    /// <summary>A test against a port of 127.0.0.1.</summary>
    /// <param name="port">The port.</param>
    /// <param name="arguments">What else the client is told.</param>
    /// <returns>Bytes that were sent and that came, as both ends have counted them at the end; or why there was none.</returns>
    public static IperfCount Run(int port, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(
            Package.File, ["-c", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-J", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return ErrorOf(told) is { } error ? new IperfCount(0, 0, 0, error + errors.Result) : Read(told);
    }

    private static IperfCount Read(string told)
    {
        JsonElement end = JsonDocument.Parse(told).RootElement.GetProperty("end");
        JsonElement received = end.GetProperty("sum_received");
        return new IperfCount(
            end.GetProperty("sum_sent").GetProperty("bytes").GetInt64(),
            received.GetProperty("bytes").GetInt64(),
            (long)received.GetProperty("bits_per_second").GetDouble(),
            null);
    }

    // It may end with code 0 all the same.
    private static string? ErrorOf(string told)
    {
        try
        {
            return JsonDocument.Parse(told).RootElement.TryGetProperty("error", out JsonElement error) ? error.GetString() ?? told : null;
        }
        catch (JsonException)
        {
            return told;
        }
    }
}

/// <summary>What a test of iperf3 has counted.</summary>
/// <param name="Sent">Bytes, as who sent them says.</param>
/// <param name="Received">Bytes, as who received them says.</param>
/// <param name="BitsPerSecond">Of what was received.</param>
/// <param name="Error">Why there was no test, or null.</param>
public sealed record IperfCount(long Sent, long Received, long BitsPerSecond, string? Error);
