using System.Runtime.InteropServices;

namespace Atoll.Instance;

/// <summary>The wake page: one word, alone on its page. The owner writes it, senders read it (<see cref="Ipc.WakeWord"/>).</summary>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct WakePage
{
    /// <summary>Odd while the owner sleeps or is about to. Untrusted in a peer's page.</summary>
    [FieldOffset(0)] public ulong Word;
}
