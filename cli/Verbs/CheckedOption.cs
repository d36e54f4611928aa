using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Atoll.Cli.Verbs;

/// <summary>Options that take a number from a range. What does not fit is refused in one sentence that names the range.</summary>
public static class CheckedOption
{
    /// <summary>Most instances that the kernel starts (<c>Limits.InstanceCountMax</c>).</summary>
    public const int CoresMax = 255;

    /// <summary>Least memory in which one instance boots: the image ends above 2 MiB.</summary>
    public const int MemoryMiBMin = 3;

    private const int MemoryMiBMax = 1 << 20;
    private const double SecondsMax = 1_000_000;

    /// <summary>How many virtual cores; null when the person does not say.</summary>
    public static Option<int?> Cores() => Whole("--cores", 1, CoresMax, "N", $"Virtual cores, 1 to {CoresMax}.");

    /// <summary>How much memory, in MiB; null when the person does not say.</summary>
    public static Option<int?> Memory() => Whole(
        "--memory", MemoryMiBMin, MemoryMiBMax, "MIB", $"Memory in MiB, {MemoryMiBMin} or more.");

    /// <summary>A whole number.</summary>
    public static Option<int?> Whole(string name, int least, int most, string valueName, string description) =>
        new(name) { Description = description, HelpName = valueName, CustomParser = value => ParseWhole(value, name, least, most) };

    /// <summary>A time in seconds, with a fraction if need be.</summary>
    public static Option<TimeSpan?> Seconds(string name, string description) =>
        new(name) { Description = description, HelpName = "SECONDS", CustomParser = value => ParseSeconds(value, name) };

    private static int? ParseWhole(ArgumentResult result, string name, int least, int most)
    {
        string word = result.Tokens[0].Value;
        if (int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most)
        {
            return number;
        }

        result.AddError($"{name} takes a whole number from {least} to {most}, not '{word}'");
        return null;
    }

    private static TimeSpan? ParseSeconds(ArgumentResult result, string name)
    {
        string word = result.Tokens[0].Value;
        if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds <= SecondsMax)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError($"{name} takes seconds from 0 to {SecondsMax}, not '{word}'");
        return null;
    }
}
