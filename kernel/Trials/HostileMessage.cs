using System.Numerics;
using Atoll.Abi;
using Atoll.Base;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Trials;

/// <summary>What a hostile kernel says: each kind of message in turn, with words at the edges of what they may be, or beyond.</summary>
/// <remarks>A message follows from seed and number alone, so that everybody hears the same.</remarks>
public static class HostileMessage
{
    /// <summary>The last kind that kernels know.</summary>
    public const KernelMessage LastKind = KernelMessage.CancelCall;

    /// <summary>Kinds in a round: all that kernels know, and five that they do not expect.</summary>
    public const uint KindsOfARound = LastKind - KernelMessage.OpenLink + 1 + Unexpected;

    private const uint Unexpected = 5;
    private const uint CorruptOneIn = 16;
    private const uint WordKinds = 8;
    private const int SmallBits = 6;
    private const int FramesBits = 15;
    private const int HighShift = 32;
    private const ulong ByteMask = 0xFF;

    /// <summary>The message of a number.</summary>
    /// <param name="seed">Decides the words.</param>
    /// <param name="number">From 0.</param>
    /// <param name="message">The message, but for what the link fills in.</param>
    public static void Make(ulong seed, uint number, out LinkMessage message)
    {
        // Any odd number spreads seeds and numbers: 2^64 over the golden ratio.
        ulong random = ((seed << HighShift) + number + 1) * 0x9E37_79B9_7F4A_7C15;
        message = default;
        message.Kind = KindOf(number % KindsOfARound);
        message.Reserved = Next(ref random) % CorruptOneIn == 0 ? (uint)Next(ref random) | 1 : 0;
        message.Operation = Word(ref random);
        message.Argument0 = message.Kind == (uint)KernelMessage.OfferCapability ? Offered(ref random) : Word(ref random);
        message.Argument1 = Word(ref random);
        message.Argument2 = Word(ref random);
        message.Argument3 = Word(ref random);
    }

    /// <summary>How often a receiver must refuse something because of a message from a member that has no channel and holds nothing.</summary>
    /// <param name="message">The message.</param>
    /// <param name="byCoordinator">Whether the receiver is the coordinator: members ask it for links and channels.</param>
    public static uint RefusalsDue(in LinkMessage message, bool byCoordinator)
    {
        if (message.Reserved != 0)
        {
            return 1;
        }

        switch ((KernelMessage)message.Kind)
        {
            case KernelMessage.OpenLink or KernelMessage.LinkTaken or KernelMessage.LinkReleased
                or KernelMessage.OpenChannel or KernelMessage.CancelChannel or KernelMessage.ReleaseChannel:
                return byCoordinator ? 0u : 1;

            // What is asked of anybody, and what is over when it comes: an honest kernel's may come late, too.
            case KernelMessage.Ping or KernelMessage.Pong or KernelMessage.ChannelDisowned or KernelMessage.RecallCapabilities
                or KernelMessage.CancelCall:
                return 0;

            case KernelMessage.ReturnCapabilities:
                return (uint)(BitOperations.PopCount(message.Operation) + BitOperations.PopCount(message.Argument1)
                    + BitOperations.PopCount(message.Argument2) + BitOperations.PopCount(message.Argument3));

            default:
                return 1;
        }
    }

    private static uint KindOf(uint place) => place switch
    {
        0 => (uint)LinkKind.None,
        1 => (uint)LinkKind.Hello,
        2 => (uint)LinkKind.NotUnderstood,
        3 => (uint)LastKind + 1,
        4 => uint.MaxValue,
        _ => (uint)KernelMessage.OpenLink + place - Unexpected,
    };

    // A type, rights, a size, as an offer has them.
    private static ulong Offered(ref ulong random)
    {
        ulong type = (ulong)((Next(ref random) & 1) == 0 ? CapabilityType.Frame : CapabilityType.Remote);
        ulong size = (Next(ref random) & 1) == 0 ? ObjectSize.FrameBits : Next(ref random) & ByteMask;
        return type | ((Next(ref random) & ByteMask) << 8) | (size << 16);
    }

    private static ulong Word(ref ulong random)
    {
        ulong word = Next(ref random);
        return (word % WordKinds) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => 1UL << (int)(Next(ref random) >> (64 - SmallBits)),
            // A number of a core, a channel, a record, a link.
            3 or 4 => Next(ref random) >> (64 - SmallBits),
            // Two of them.
            5 => (Next(ref random) >> (64 - SmallBits)) | ((Next(ref random) >> (64 - SmallBits)) << HighShift),
            // A page of the first 128 MiB: the image, somebody's private block, somebody's grant, the pool.
            6 => (Next(ref random) >> (64 - FramesBits)) * ImageLayout.PageSizeBytes,
            _ => Next(ref random),
        };
    }

    // xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled").
    private static ulong Next(ref ulong random)
    {
        random ^= random >> 12;
        random ^= random << 25;
        random ^= random >> 27;
        return random * 0x2545_F491_4F6C_DD1D;
    }
}
