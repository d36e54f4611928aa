using System.Globalization;

namespace Atoll.Image.Tests;

/// <summary>What each part of an image may have at most, and why (kernel/Image/SizeBudget.txt).</summary>
/// <param name="Parts">Bytes and reason by part.</param>
internal sealed record SizeBudget(IReadOnlyDictionary<string, (ulong Bytes, string Reason)> Parts)
{
    /// <summary>A budget this much above the size holds nothing any more: one part in so many.</summary>
    private const ulong SlackDivisor = 10;

    /// <summary>Slack that even a small part may have, bytes.</summary>
    private const ulong SlackMin = 128;

    /// <summary>Reads the file's lines: part, bytes, reason.</summary>
    public static SizeBudget Parse(IEnumerable<string> lines) => new(lines
        .Where(line => line.Length > 0 && !line.StartsWith('#'))
        .Select(line => line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .ToDictionary(words => words[0], words => (ulong.Parse(words[1], CultureInfo.InvariantCulture), words.Length > 2 ? words[2] : "")));

    /// <summary>What is wrong with sizes or budget, in words.</summary>
    public IEnumerable<string> Judge(IReadOnlyDictionary<string, ulong> sizes)
    {
        foreach (string part in Parts.Keys.Union(sizes.Keys))
        {
            if (!Parts.TryGetValue(part, out (ulong Bytes, string Reason) budget) || !sizes.TryGetValue(part, out ulong size))
            {
                yield return $"{part}: in the image or in the budget, but not in both";
            }
            else if (budget.Reason.Length == 0)
            {
                yield return $"{part}: the budget has no reason";
            }
            else if (size > budget.Bytes)
            {
                yield return $"{part} has {size} bytes, {size - budget.Bytes} more than its budget: spend less, or raise it and say why";
            }
            else if (budget.Bytes - size > ulong.Max(SlackMin, size / SlackDivisor))
            {
                yield return $"{part} has {size} bytes, far below its budget of {budget.Bytes}: lower it, so that it holds";
            }
        }
    }
}
