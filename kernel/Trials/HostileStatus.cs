using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atoll.Instance;

namespace Atoll.Trials;

/// <summary>What a hostile kernel and those that hear it say on their status pages, behind the words of the workload (docs/serial.md, "Hostile kernels"). Only the owner writes.</summary>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct HostileStatus
{
    /// <summary>The hostile kernel: hostile messages sent, over all links.</summary>
    [FieldOffset(512)] public ulong Sent;

    /// <summary>The hostile kernel: refusals that its messages should have brought about at each member.</summary>
    [FieldOffset(520)] public ulong DueFromMember;

    /// <summary>The hostile kernel: the same at the coordinator.</summary>
    [FieldOffset(528)] public ulong DueFromCoordinator;

    /// <summary>Another: hostile messages that came, whatever became of them.</summary>
    [FieldOffset(536)] public ulong Heard;

    /// <summary>Another: what it refused of them.</summary>
    [FieldOffset(544)] public ulong Refused;

    /// <summary>The coordinator: bytes of its pool that are free.</summary>
    [FieldOffset(552)] public ulong PoolFree;

    /// <summary>The coordinator: links between members, two pages each.</summary>
    [FieldOffset(560)] public ulong Links;

    /// <summary>The coordinator: channels that are made and not over, two pages each.</summary>
    [FieldOffset(568)] public ulong Channels;

    /// <summary>The coordinator: bytes of its pool that were free, in links or in channels when the hostile kernel asked to be counted.</summary>
    [FieldOffset(576)] public ulong PoolBefore;

    /// <summary>The coordinator, with kills: deaths so far, each buried.</summary>
    [FieldOffset(584)] public ulong Deaths;

    /// <summary>The coordinator, when the console is a program's: how often the core that was first empty has become so again.</summary>
    [FieldOffset(592)] public ulong Undone;

    /// <summary>The coordinator: how often of these it held what it had held the time before (<see cref="UndoWatch"/>).</summary>
    [FieldOffset(600)] public ulong UndoneExactly;

    /// <summary>These words on a status page.</summary>
    [Trusted(Safety = "Both fill the same page, any bytes are words, and none belongs to both.")]
    public static ref HostileStatus Of(ref InstanceStatus status) => ref Unsafe.As<InstanceStatus, HostileStatus>(ref status);
}
