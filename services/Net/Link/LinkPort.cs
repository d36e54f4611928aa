using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;
using Atoll.Services.Protocols;

namespace Atoll.Services.Net;

/// <summary>The stack's end of the link to a driver: rings, and packet buffers. The driver may die and come back; frames under way are lost then, and nothing else.</summary>
/// <remarks>What comes out of a ring is an allegation of the driver, and a packet's bytes may change as long as a device can write there: a frame is copied first.</remarks>
public struct LinkPort
{
    /// <summary>Frames each way in a turn.</summary>
    public const int Budget = 64;

    private const uint ReceiveBuffers = LinkPage.Buffers / 2;
    private const uint SendBuffers = LinkPage.Buffers - ReceiveBuffers;

    private FrameRing _empty;
    private FrameRing _received;
    private FrameRing _toSend;
    private FrameRing _sent;
    private FreeBuffers _free;
    private uint _freeCount;
    private ulong _sending;
    private int _untold;
    private bool _hasSent;
    private MemoryRegion _rings;
    private MemoryRegion _packets;

    /// <summary>What a driver named wrongly: buffers that it does not have, and lengths that no frame has.</summary>
    public ulong Refused { get; private set; }

    /// <summary>Whether a frame can be sent now.</summary>
    public readonly bool CanSend => _freeCount > 0;

    /// <summary>Whether the driver is to be signalled: there is something to send, or so many empty buffers that it may soon have none.</summary>
    public readonly bool HasNews => _hasSent || _untold >= LinkPage.Untold;

    /// <summary>A driver has begun: its rings are empty.</summary>
    public void Begin(MemoryRegion rings, MemoryRegion packets)
    {
        ulong refused = Refused;
        this = default;
        Refused = refused;
        _rings = rings;
        _packets = packets;
        for (uint buffer = 0; buffer < ReceiveBuffers; buffer++)
        {
            _ = _empty.TryPut(LinkPage.Empty(rings), buffer, 0);
        }

        for (uint buffer = 0; buffer < SendBuffers; buffer++)
        {
            _free[(int)_freeCount++] = (byte)buffer;
        }

        _untold = (int)ReceiveBuffers;
    }

    /// <summary>Gives frames that came to the stack, at most a budget.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="copy">Room for a frame.</param>
    /// <param name="isInVain">A frame was dropped because its reader is behind. Those behind it are left where they are.</param>
    /// <returns>Whether there may be more.</returns>
    public bool Receive(in NetStack stack, Span<byte> copy, out bool isInVain)
    {
        int moved = 0;
        isInVain = false;
        while (moved < Budget && !isInVain && _received.TryTake(LinkPage.Received(_rings), out uint buffer, out int length))
        {
            moved++;
            if (buffer >= ReceiveBuffers || length > copy.Length)
            {
                Refused++;
                continue;
            }

            ReadOnlySpan<byte> frame = Packet(buffer).Slice(0, length);
            frame.CopyTo(copy.Slice(0, length));
            isInVain = stack.Receive(copy.Slice(0, length)) == FrameOutcome.UdpBufferFull;
            _ = _empty.TryPut(LinkPage.Empty(_rings), buffer, 0);
            _untold++;
        }

        return moved == Budget;
    }

    /// <summary>Takes buffers back whose frames went, and has the stack fill free ones, at most a budget.</summary>
    /// <returns>Whether the stack may have more.</returns>
    public bool Send(in NetStack stack)
    {
        while (_sent.TryTake(LinkPage.Sent(_rings), out uint back, out _))
        {
            Free(back);
        }

        int moved = 0;
        while (moved < Budget && _freeCount > 0)
        {
            uint buffer = _free[(int)_freeCount - 1];
            int length = stack.Transmit(Packet(ReceiveBuffers + buffer));
            if (length == 0 || !_toSend.TryPut(LinkPage.ToSend(_rings), ReceiveBuffers + buffer, length))
            {
                return false;
            }

            _freeCount--;
            _sending |= 1UL << (int)buffer;
            moved++;
            _hasSent = true;
        }

        return moved == Budget;
    }

    /// <summary>The driver was signalled.</summary>
    public void Told()
    {
        _untold = 0;
        _hasSent = false;
    }

    private void Free(uint buffer)
    {
        uint index = buffer - ReceiveBuffers;
        if (index >= SendBuffers || (_sending & (1UL << (int)index)) == 0)
        {
            Refused++;
            return;
        }

        _sending &= ~(1UL << (int)index);
        _free[(int)_freeCount++] = (byte)index;
    }

    private readonly Span<byte> Packet(uint buffer) => _packets.Bytes.Slice((int)(buffer * LinkPage.BufferBytes), (int)LinkPage.BufferBytes);

    [InlineArray((int)SendBuffers)]
    private struct FreeBuffers
    {
        private byte _buffer0;
    }
}
