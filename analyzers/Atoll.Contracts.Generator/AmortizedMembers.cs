using System.Buffers;
using System.Text;

namespace Atoll.Contracts.Generator;

/// <summary>Members that allocate until something has grown, and then no more; and virtual ones of which every implementation does the same.</summary>
/// <remarks>
/// The IL cannot say so. Each is run here until it is warm, and listed only if the run agrees. What encodes text is not among the
/// clean ones: text that is no valid Unicode takes an object that replaces it.
/// </remarks>
internal static class AmortizedMembers
{
    private static readonly byte[] s_bytes = [65, 66];
    private static SpinLock s_spin;
    private static readonly Lock s_lock = new();
    private static readonly SemaphoreSlim s_semaphore = new(1);
    private static readonly char[] s_chars = ['A', 'B'];

    private static readonly (string Member, string Letters, Action Use)[] s_members =
    [
        ("M:System.Buffers.ArrayPool`1.get_Shared", "GLTRB", () => _ = ArrayPool<byte>.Shared),
        ("V:System.Buffers.ArrayPool`1.Rent(System.Int32)", "GRB", () => ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(100))),
        ("V:System.Buffers.ArrayPool`1.Return(`0[],System.Boolean)", "GRB", () => ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(100))),
        ("M:System.Object.#ctor", "GLTRB", () => { }),
        ("M:System.Threading.Monitor.Exit(System.Object)", "GLtRB", () => { Monitor.Enter(s_chars); Monitor.Exit(s_chars); }),
        ("M:System.Threading.SpinLock.Exit", "GLtRB", () => { bool taken = false; s_spin.Enter(ref taken); s_spin.Exit(); }),
        ("M:System.Threading.Lock.Exit", "GLtRB", () => { s_lock.Enter(); s_lock.Exit(); }),
        ("M:System.Threading.Lock.Scope.Dispose", "GLtRB", () => s_lock.EnterScope().Dispose()),
        ("M:System.Threading.SemaphoreSlim.Release", "GltRb", () => { s_semaphore.Wait(); s_semaphore.Release(); }),
        ("V:System.Text.UTF8Encoding.GetMaxByteCount(System.Int32)", "GLRB", () => Encoding.UTF8.GetMaxByteCount(9)),
        ("V:System.Text.UTF8Encoding.GetMaxCharCount(System.Int32)", "GLRB", () => Encoding.UTF8.GetMaxCharCount(9)),
        ("V:System.Text.Encoding.GetBytes(System.String)", "g", () => Encoding.UTF8.GetBytes("text")),
        ("V:System.Text.Encoding.GetBytes(System.Char[])", "g", () => Encoding.UTF8.GetBytes(s_chars)),
        ("V:System.Text.Encoding.GetString(System.Byte[])", "g", () => Encoding.UTF8.GetString(s_bytes)),
        ("V:System.Text.Encoding.GetString(System.Byte[],System.Int32,System.Int32)", "g", () => Encoding.UTF8.GetString(s_bytes, 0, 2)),
        ("V:System.Text.UTF8Encoding.GetString(System.Byte[],System.Int32,System.Int32)", "g", () => Encoding.UTF8.GetString(s_bytes, 0, 2)),
        ("M:System.Text.Encoding.GetString(System.ReadOnlySpan{System.Byte})", "g", () => Encoding.UTF8.GetString(s_bytes.AsSpan())),
    ];

    /// <summary>The lines of those that a warm run confirms.</summary>
    public static IEnumerable<string> Lines => s_members.Where(one => IsClean(one.Use) == one.Letters.StartsWith('G')).Select(one => $"{one.Member} {one.Letters}");

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
