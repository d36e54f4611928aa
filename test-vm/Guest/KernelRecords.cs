using System.Text.RegularExpressions;

namespace Atoll.TestVm.Guest;

/// <summary>Records that a kernel writes, in the middle of what programs say: a death is told at once, whoever has the console.</summary>
/// <remarks>A kernel ends its lines with LF, programs theirs with CR and LF. A record is never broken itself.</remarks>
public static partial class KernelRecords
{
    /// <summary>What programs said.</summary>
    /// <param name="heard">All that came.</param>
    public static string Without(string heard) => Record().Replace(heard, "");

    /// <summary>How much of all that came a part of what programs said is.</summary>
    /// <param name="heard">All that came.</param>
    /// <param name="length">Characters of <see cref="Without"/>.</param>
    public static int LengthWith(string heard, int length)
    {
        int records = 0;
        foreach (Match record in Record().Matches(heard).TakeWhile(record => record.Index - records < length))
        {
            records += record.Length;
        }

        return length + records;
    }

    [GeneratedRegex("@[a-z][a-z-]*( [^\r\n]*)?(?<!\r)\n")]
    private static partial Regex Record();
}
