using System.Threading;

namespace Atoll.Instance;

/// <summary>What an instance says of a capability that a program of its gives on: over which channel, and whose object it is. On its status page, for the kernel of the receiver.</summary>
/// <remarks>
/// The object's home offers it to the receiver, so the receiver hears of it from somebody who has no end of the channel. It believes that because the giver says the same here. The
/// giver stores this before it asks the home, and the home offers it after that; on x86 stores are seen in that order by everybody (Intel SDM volume 3, "Memory Ordering").
/// </remarks>
[Shared]
public struct PassNotice
{
    private const int SerialShift = 32;
    private const int HomeShift = 16;
    private const ulong HomeMask = 0xFFFF;

    private ulong _word;
    private ulong _epoch;

    /// <summary>What identifies a capability that is given on; never 0.</summary>
    /// <param name="serial">Its number among all that the giver's instance has given on, from 1.</param>
    /// <param name="home">Core of the object.</param>
    /// <param name="place">Place of the notice.</param>
    public static ulong WordOf(uint serial, uint home, uint place) => ((ulong)serial << SerialShift) | ((ulong)home << HomeShift) | place;

    /// <summary>The number among all of its giver.</summary>
    public static uint SerialOf(ulong word) => (uint)(word >> SerialShift);

    /// <summary>Core of the object.</summary>
    public static uint HomeOf(ulong word) => (uint)((word >> HomeShift) & HomeMask);

    /// <summary>Place of the notice. From another kernel: it is brought into bounds.</summary>
    public static uint PlaceOf(ulong word) => (uint)word % InstanceStatus.PassesMax;

    /// <summary>Says so, on this instance's page. In between it says nothing.</summary>
    public void Publish(ulong word, ulong epoch)
    {
        Volatile.Write(ref _word, 0);
        Volatile.Write(ref _epoch, epoch);
        Volatile.Write(ref _word, word);
    }

    /// <summary>Whether a giver says so, on its page. The word is read twice: between two looks the place may have become another notice's, and no word comes again.</summary>
    public static bool Says(ref readonly PassNotice notice, ulong word, ulong epoch) =>
        Volatile.Read(in notice._word) == word && Volatile.Read(in notice._epoch) == epoch && Volatile.Read(in notice._word) == word;
}
