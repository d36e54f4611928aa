using System.Runtime.CompilerServices;
using Atoll.Ipc;
using Atoll.Links;
using Atoll.Remote;

namespace Atoll.Programs;

/// <summary>Capabilities of which one message tells: up to 256 that one home has numbered next to each other, one bit each.</summary>
/// <remarks>The records are a list while the message has not gone, so that they can be taken up again when there is no room for it.</remarks>
[NonCopyable]
public struct RemoteBatch
{
    private const uint Window = 256;
    private const int WordBits = 64;

    private LinkMessage _message;
    private uint _first;

    /// <summary>Core that is told.</summary>
    public uint Peer { get; private set; }

    /// <summary>Whether there is nothing to tell.</summary>
    public readonly bool IsEmpty => _first == 0;

    /// <summary>What to send.</summary>
    public LinkMessage Message => _message;

    /// <summary>Begins anew.</summary>
    public void Begin(KernelMessage kind)
    {
        _message = default;
        _message.Kind = (uint)kind;
        _first = 0;
    }

    /// <summary>Adds a record that is in no list.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="peer">Core that is told.</param>
    /// <param name="homeNumber">The number by which that one or this one knows it.</param>
    /// <returns>False when it does not fit beside the others: they go first.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryAdd(ref CrossingTable table, uint number, uint peer, uint homeNumber)
    {
        ref CrossingEntry entry = ref table[number];
        ulong window = homeNumber & ~(Window - 1);
        if (IsEmpty)
        {
            Peer = peer;
            _message.Argument0 = window;
        }
        else if (Peer != peer || _message.Argument0 != window)
        {
            return false;
        }

        ulong bit = 1UL << (int)(homeNumber % WordBits);
        switch (homeNumber % Window / WordBits)
        {
            case 0:
                _message.Operation |= bit;
                break;
            case 1:
                _message.Argument1 |= bit;
                break;
            case 2:
                _message.Argument2 |= bit;
                break;
            default:
                _message.Argument3 |= bit;
                break;
        }

        entry.Next = _first;
        _first = number + 1;
        return true;
    }

    /// <summary>Takes one of the records out.</summary>
    [MustUse]
    public bool TryTake(ref CrossingTable table, out uint number)
    {
        number = _first - 1;
        if (_first == 0)
        {
            return false;
        }

        _first = table[number].Next;
        return true;
    }

    /// <summary>Takes the next capability out of a message. Untrusted: any bits may be there.</summary>
    /// <param name="message">Of another kernel.</param>
    /// <param name="number">Its number at home.</param>
    /// <returns>False when there is none left.</returns>
    [MustUse]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryTake(ref LinkMessage message, out uint number)
    {
        uint window = (uint)message.Argument0 & ~(Window - 1);
        return TryTakeBit(ref message.Operation, window, out number)
            || TryTakeBit(ref message.Argument1, window + WordBits, out number)
            || TryTakeBit(ref message.Argument2, window + (2 * WordBits), out number)
            || TryTakeBit(ref message.Argument3, window + (3 * WordBits), out number);
    }

    private static bool TryTakeBit(ref ulong bits, uint first, out uint number)
    {
        number = first + (uint)System.Numerics.BitOperations.TrailingZeroCount(bits);
        if (bits == 0)
        {
            return false;
        }

        bits &= bits - 1;
        return true;
    }
}
