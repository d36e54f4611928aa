using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Guest;

/// <summary>An <c>@instance</c> record: what a kernel instance says that it owns. Addresses are physical.</summary>
public sealed record InstanceReport(
    int Core, uint ApicId, bool IsHealthy, ulong Tables, ulong Base, int Pages, ulong Status, ulong Wake, ulong Instructions)
{
    /// <summary>One past the last byte of the private block.</summary>
    public ulong End => Base + ((ulong)Pages * 4096);

    /// <summary>Reads a record.</summary>
    public static InstanceReport From(SerialRecord record) => new(
        record.SmallNumber("core"),
        (uint)record.SmallNumber("apic"),
        record["state"] == "healthy",
        record.Number("tables"),
        record.Number("base"),
        record.SmallNumber("pages"),
        record.Number("status"),
        record.Number("wake"),
        record.Number("instructions"));

    /// <summary>Reads all that came up healthy.</summary>
    public static IReadOnlyList<InstanceReport> Healthy(IEnumerable<SerialRecord> records) =>
        [.. records.Where(record => record.Name == "instance").Select(From).Where(instance => instance.IsHealthy)];

    /// <summary>Whether a physical address lies in the private block.</summary>
    public bool Owns(ulong physical) => physical >= Base && physical < End;
}
