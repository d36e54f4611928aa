using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;

namespace Atoll.TestVm.Guest;

/// <summary>Clients that press: wrk and ab.</summary>
public static partial class LoadClient
{
    /// <summary>Debian's packages.</summary>
    public static IReadOnlyList<DebianPackage> Packages { get; } = [new("wrk", "/usr/bin/wrk"), new("apache2-utils", "/usr/bin/ab")];

    /// <summary>wrk: so many connections for so long.</summary>
    /// <returns>Requests that were answered.</returns>
    public static long Wrk(Expectations expect, string address, int connections, int seconds)
    {
        string told = Run(Packages[0].File, "-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "60s", address);
        expect.That(!told.Contains("Socket errors", StringComparison.Ordinal)
            && !told.Contains("Non-2xx", StringComparison.Ordinal), $"wrk: {told}");
        return Number(WrkRequests().Match(told));
    }

    /// <summary>ab: so many requests over so many connections that go on.</summary>
    /// <returns>Requests that were answered.</returns>
    public static long Ab(Expectations expect, string address, int connections, int requests)
    {
        string told = Run(Packages[1].File, "-q", "-k", "-s", "60", "-c", Text(connections), "-n", Text(requests), address);
        expect.That(AbFailed().Match(told).Groups[1].Value == "0" && !told.Contains("Non-2xx", StringComparison.Ordinal), $"ab: {told}");
        return Number(AbComplete().Match(told));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(Match found) => found.Success ? long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static string Run(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true,
            RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return told + errors.Result;
    }

    [GeneratedRegex("([0-9]+) requests in")]
    private static partial Regex WrkRequests();

    [GeneratedRegex("Complete requests: +([0-9]+)")]
    private static partial Regex AbComplete();

    [GeneratedRegex("Failed requests: +([0-9]+)")]
    private static partial Regex AbFailed();
}
