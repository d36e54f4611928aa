using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Guest;

/// <summary>A <c>@pair</c> record: what an instance says that it exchanged with one peer.</summary>
public sealed record PairReport(int Core, int Peer, ulong Sent, ulong Received, ulong Errors)
{
    /// <summary>Reads all records.</summary>
    public static IReadOnlyList<PairReport> From(IEnumerable<SerialRecord> records) =>
    [
        .. records.Where(record => record.Name == "pair").Select(record => new PairReport(
            record.SmallNumber("core"),
            record.SmallNumber("peer"),
            record.Number("sent"),
            record.Number("received"),
            record.Number("errors")))
    ];
}
