using Atoll.TestVm.Serial;

namespace Atoll.Bench;

/// <summary>The table of what the kernel's operations cost: names, what seL4 takes, what Atoll should take at most.</summary>
/// <remarks>
/// seL4: x86-64, release, non-MCS, one core, counted in guest instructions under the same emulator by two counters that agreed; with hand-counted slopes,
/// revoking n copies is 600 + 280 n.
/// </remarks>
public static class KernelFigures
{
    private const string Instructions = "instructions";
    private const int RevokedCopies = 64;

    private static readonly Row[] s_rows =
    [
        new("syscall.null", 100, 40),
        new("ipc.call-reply.same-space", 439, 280),
        new("ipc.call-reply.other-space", 443, 280),
        new("ipc.call-reply.10-words", 1657, 600),
        new("ipc.call-reply.grant", 1531, 700),
        new("signal.no-waiter", 381, 150),
        new("signal.switch", 991, 500),
        new("fault.page", 1276, 800),
        new("cap.copy", 859, 300),
        new("cap.mint", 881, 300),
        new("cap.move", 721, 300),
        new("cap.delete", 731, 300),
        new("cap.revoke.64", 600 + (280 * RevokedCopies), 200 + (100 * RevokedCopies)),
        new("retype.endpoint", 865, 400),
        new("retype.frame", 878, 400),
        new("retype.256-endpoints", 13_359, 8000),
        new("page.map", 761, 400),
        new("page.unmap", 596, 300),
        new("program.start", null, 50_000),
        new("interrupts-off.longest", null, 20_000),
    ];

    private static readonly string[] s_objects =
        ["endpoint", "notification", "reply", "scheduling-context", "thread", "page-table", "vspace"];

    /// <summary>Reads what the measuring program has said.</summary>
    /// <param name="records">All records of the run.</param>
    /// <exception cref="BenchmarkException">It has said less, or more.</exception>
    public static IReadOnlyList<Figure> From(IReadOnlyList<SerialRecord> records)
    {
        Dictionary<string, SerialRecord> told = [];
        foreach (SerialRecord record in records.Where(record => record.Name == "figure"))
        {
            if (!told.TryAdd(record["name"], record))
            {
                throw new BenchmarkException($"the measuring program has said '{record["name"]}' twice");
            }
        }

        Figure[] figures =
        [
            .. s_rows.Select(row => row.Figure(Take(row.Name))),
            .. s_objects.Select(name => new Figure($"object.{name}", "bytes", Take($"object.{name}").Number("bytes"))),
        ];
        return told.Count == 0
            ? figures
            : throw new BenchmarkException($"nothing is known of what the measuring program has said: {string.Join(", ", told.Keys)}");

        SerialRecord Take(string name) => told.Remove(name, out SerialRecord? record)
            ? record
            : throw new BenchmarkException($"the measuring program has not said '{name}'");
    }

    // The longest of a stay in the kernel is what counts, not the mean.
    private sealed record Row(string Name, double? Peer, double Aim)
    {
        public Figure Figure(SerialRecord record)
        {
            double most = record.Number("most");
            double value = Peer is null ? most : record.Number("hundredths") / 100.0;
            return new Figure(Name, Instructions, value) { Aim = Aim, Peer = Peer, Most = Peer is null ? null : most };
        }
    }
}
