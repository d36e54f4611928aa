using System;
using System.Runtime.CompilerServices;

namespace Atoll.Services.Net.Stack;

/// <summary>Lengths of waiting frames.</summary>
[InlineArray(StackLimits.ReplyCount)]
internal struct FrameLengths
{
    private ushort _first;
}

/// <summary>Frames that answer without a connection: ARP, ICMP, resets, SYN cookies. Few, and droppable: peers ask again.</summary>
internal struct ReplyQueue
{
    private FrameLengths _lengths;
    private int _head;
    private int _count;

    public readonly int Count => _count;

    /// <summary>Lends the place of the next frame; it is queued by <see cref="Commit"/>.</summary>
    public bool TryBegin(in NetStack stack, out Span<byte> frame)
    {
        frame = default;
        if (_count == StackLimits.ReplyCount)
        {
            stack.State.Counters.Count(StackEvent.RepliesDropped);
            return false;
        }

        frame = Place(stack.Pools.ReplyBytes, (_head + _count) % StackLimits.ReplyCount);
        return true;
    }

    public void Commit(int length)
    {
        _lengths[(_head + _count) % StackLimits.ReplyCount] = (ushort)length;
        _count++;
    }

    /// <summary>Copies the next frame out.</summary>
    /// <returns>Its length, or 0.</returns>
    public int Take(in NetStack stack, Span<byte> to)
    {
        if (_count == 0)
        {
            return 0;
        }

        int length = _lengths[_head];
        ReadOnlySpan<byte> frame = Place(stack.Pools.ReplyBytes, _head);
        frame.Slice(0, length).CopyTo(to);
        _head = (_head + 1) % StackLimits.ReplyCount;
        _count--;
        return length;
    }

    private static Span<byte> Place(Span<byte> bytes, int index) =>
        bytes.Slice(index * StackLimits.FrameBytes, StackLimits.FrameBytes);
}
