using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Guest;

/// <summary>A <c>@link</c> record: one ring page, mapped at its two ends.</summary>
public sealed record LinkReport(int Producer, int Consumer, ulong Ring, string Kind)
{
    /// <summary>Reads all records.</summary>
    public static IReadOnlyList<LinkReport> From(IEnumerable<SerialRecord> records) =>
    [
        .. records.Where(record => record.Name == "link").Select(record => new LinkReport(
            record.SmallNumber("producer"),
            record.SmallNumber("consumer"),
            record.Number("ring"),
            record["kind"]))
    ];
}
