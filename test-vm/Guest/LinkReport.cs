using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Guest;

/// <summary>A <c>@link</c> record: one ring page, mapped at its two ends.</summary>
public sealed record LinkReport(int Producer, int Consumer, ulong Ring)
{
    /// <summary>Reads the rings that are there now.</summary>
    /// <remarks>A ring is reported when it is made and never when it goes, so the last word on a page and on a pair holds.</remarks>
    public static IReadOnlyList<LinkReport> From(IEnumerable<SerialRecord> records)
    {
        List<LinkReport> current = [];
        foreach (SerialRecord record in records.Where(record => record.Name == "link"))
        {
            var link = new LinkReport(record.SmallNumber("producer"), record.SmallNumber("consumer"), record.Number("ring"));
            current.RemoveAll(old => old.Ring == link.Ring || (old.Producer == link.Producer && old.Consumer == link.Consumer));
            current.Add(link);
        }

        return current;
    }

    /// <summary>Whether an instance is an end of this ring.</summary>
    public bool Has(int core) => Producer == core || Consumer == core;
}
