using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Guest;

/// <summary>An <c>@instance-page</c> record: one private page of an instance, by purpose.</summary>
public sealed record PrivatePageReport(int Core, string Kind, ulong Physical)
{
    /// <summary>Reads all records.</summary>
    public static IReadOnlyList<PrivatePageReport> From(IEnumerable<SerialRecord> records) =>
    [
        .. records.Where(record => record.Name == "instance-page").Select(record => new PrivatePageReport(
            record.SmallNumber("core"), record["kind"], record.Number("physical")))
    ];
}
