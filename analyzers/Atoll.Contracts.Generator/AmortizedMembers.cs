using System.Buffers;

namespace Atoll.Contracts.Generator;

/// <summary>Members that allocate until something has grown, and then no more; and virtual ones with one implementation in use.</summary>
/// <remarks>The IL cannot say so. Each is run here until it is warm, and listed only if it is clean then.</remarks>
internal static class AmortizedMembers
{
    private static readonly (string Member, string Letters, Action Use)[] s_members =
    [
        ("M:System.Buffers.ArrayPool`1.get_Shared", "GLTRB", () => _ = ArrayPool<byte>.Shared),
        ("V:System.Buffers.ArrayPool`1.Rent(System.Int32)", "GRB", () => ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(100))),
        ("V:System.Buffers.ArrayPool`1.Return(`0[],System.Boolean)", "GRB", () => ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(100))),
        ("M:System.Object.#ctor", "GLTRB", () => { }),
    ];

    /// <summary>The lines of those that a warm run finds clean.</summary>
    public static IEnumerable<string> Lines => s_members.Where(one => IsClean(one.Use)).Select(one => $"{one.Member} {one.Letters}");

    private static bool IsClean(Action use)
    {
        for (int round = 0; round < 10; round++)
        {
            use();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        use();
        return GC.GetAllocatedBytesForCurrentThread() == before;
    }
}
