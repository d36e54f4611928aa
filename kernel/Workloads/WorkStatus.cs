using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Atoll.Instance;

namespace Atoll.Workloads;

/// <summary>What a workload says on the status page, behind the words of <see cref="InstanceStatus"/>. Only the owner writes.</summary>
/// <remarks>As there, each word is stored and loaded whole, words are independent, and readers treat all of it as untrusted.</remarks>
[Shared]
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public struct WorkStatus
{
    /// <summary>Messages sent, over all links.</summary>
    [FieldOffset(256)] public ulong Sent;

    /// <summary>Messages received and right, over all links.</summary>
    [FieldOffset(264)] public ulong Received;

    /// <summary>Messages received and wrong, over all links.</summary>
    [FieldOffset(272)] public ulong Errors;

    /// <summary>1 when the workload is done with every partner that lives.</summary>
    [FieldOffset(280)] public ulong Done;

    /// <summary>TSC ticks from the workload's beginning to its end.</summary>
    [FieldOffset(288)] public ulong Ticks;

    /// <summary>Peers that the page has room for: those of the lowest cores. Others take no part in a workload.</summary>
    public const int PeersMax = 255;

    /// <summary>What has passed with each peer since the link with it was opened, by core.</summary>
    [FieldOffset(1024)] public PairTable Pairs;

    /// <summary>The workload's words on a status page.</summary>
    [Trusted(Safety = "Both fill the same page, any bytes are words, and none belongs to both.")]
    public static ref WorkStatus Of(ref InstanceStatus status) => ref Unsafe.As<InstanceStatus, WorkStatus>(ref status);

    /// <summary>One entry for each core.</summary>
    [InlineArray(PeersMax)]
    public struct PairTable
    {
        private PairTraffic _pair0;
    }
}

/// <summary>What has passed with one peer. 12 bytes; counts and numbers of messages go on from 0 after 2^32, at both ends alike.</summary>
[Shared]
public struct PairTraffic
{
    /// <summary>Messages sent: the number that goes out next.</summary>
    public uint Sent;

    /// <summary>Messages received, right or wrong: the number that is due next.</summary>
    public uint Received;

    /// <summary>Messages received and wrong.</summary>
    public uint Errors;

    /// <summary>Nothing has passed.</summary>
    public static void Clear(ref PairTraffic pair)
    {
        Volatile.Write(ref pair.Sent, 0);
        Volatile.Write(ref pair.Received, 0);
        Volatile.Write(ref pair.Errors, 0);
    }
}
