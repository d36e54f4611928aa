using Atoll.TestVm.Isolation;

namespace Atoll.TestVm.Guest;

/// <summary>What a hostile kernel and those that hear it say on their status pages (docs/serial.md, "Hostile kernels").</summary>
/// <param name="Core">The instance's core.</param>
/// <param name="Sent">The hostile kernel: messages sent, over all links.</param>
/// <param name="DueFromMember">The hostile kernel: refusals that its messages should have brought about at each member.</param>
/// <param name="DueFromCoordinator">The hostile kernel: the same at the coordinator.</param>
/// <param name="Heard">Another: messages that came from it.</param>
/// <param name="Refused">Another: what it refused of them.</param>
/// <param name="PoolFree">The coordinator: bytes of its pool that are free.</param>
/// <param name="Links">The coordinator: links between members.</param>
/// <param name="Channels">The coordinator: channels that are made and not over.</param>
/// <param name="PoolBefore">The coordinator: bytes that were free, in links or in channels before the first hostile message.</param>
/// <param name="Deaths">The coordinator, with kills: members that have died and are buried.</param>
/// <param name="Undone">The coordinator, when the console is a program's: how often the core that was first empty has become so again.</param>
/// <param name="UndoneExactly">The coordinator: how often of these it held what it had held the time before.</param>
public sealed record HostilityReport(
    int Core, ulong Sent, ulong DueFromMember, ulong DueFromCoordinator, ulong Heard, ulong Refused, ulong PoolFree, ulong Links, ulong Channels,
    ulong PoolBefore, ulong Deaths, ulong Undone, ulong UndoneExactly)
{
    private const ulong First = 512;

    /// <summary>Reads the words of an instance's page.</summary>
    public static HostilityReport Read(PhysicalMemory memory, InstanceReport instance)
    {
        ulong Word(int index) => memory.Word(instance.Status + First + ((ulong)index * 8));
        return new HostilityReport(instance.Core, Word(0), Word(1), Word(2), Word(3), Word(4), Word(5), Word(6), Word(7), Word(8), Word(9), Word(10), Word(11));
    }
}
