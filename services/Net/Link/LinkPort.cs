using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Net.Stack;

namespace Atoll.Services.Net;

/// <summary>The stack's end of the link to a driver: rings, and packet buffers. The driver may die and come back; frames under way are lost then, and nothing else.</summary>
/// <remarks>What comes out of a ring is an allegation of the driver, and a packet's bytes may change as long as a device can write there: a frame is copied first.</remarks>
public struct LinkPort
{
    /// <summary>Frames each way in a turn.</summary>
    public const int Budget = 64;

    private FrameRing _empty;
    private FrameRing _receivedRing;
    private FrameRing _toSend;
    private FrameRing _sent;
    private FreeBuffers _free;
    private uint _freeCount;
    private ulong _sending;
    private int _untold;
    private bool _hasSent;
    private MemoryRegion _lane;
    private MemoryRegion _received;

    /// <summary>What a driver named wrongly: buffers that it does not have, and lengths that no frame has.</summary>
    public ulong Refused { get; private set; }

    /// <summary>Whether a frame can be sent now.</summary>
    public readonly bool CanSend => _freeCount > 0;

    /// <summary>Whether the driver is to be told: there is something to send, or so many empty buffers that it may soon have none.</summary>
    public readonly bool HasNews => _hasSent || _untold >= LinkPage.UntoldEmpty;

    /// <summary>Whether a frame has come that was not looked at.</summary>
    public readonly bool HasReceived => _receivedRing.HasNext(LinkPage.Received(_lane));

    /// <summary>Whether the driver leaves frames with its device until this stack has taken what it has.</summary>
    public readonly bool IsDriverHolding => LinkPage.Holds(_lane);

    /// <summary>A driver has begun: its rings are empty, and it has none of the stack's buffers.</summary>
    /// <param name="lane">Rings, and buffers of what is sent.</param>
    /// <param name="received">Buffers of what comes: the driver's, for reading.</param>
    public void Begin(MemoryRegion lane, MemoryRegion received)
    {
        ulong refused = Refused;
        this = default;
        Refused = refused;
        _lane = lane;
        _received = received;
        for (uint buffer = 0; buffer < LinkPage.SendBuffers; buffer++)
        {
            _free[(int)_freeCount++] = (byte)buffer;
        }
    }

    /// <summary>Gives frames that came to the stack, at most a budget.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="copy">Room for a frame.</param>
    /// <param name="mayStop">Whether it ends with the first frame that is dropped so.</param>
    /// <param name="isInVain">A frame was dropped because its reader is behind. Those behind it are left where they are.</param>
    /// <returns>Whether there may be more.</returns>
    public bool Receive(in NetStack stack, Span<byte> copy, bool mayStop, out bool isInVain)
    {
        int moved = 0;
        isInVain = false;
        while (moved < Budget && !isInVain && _receivedRing.TryTake(LinkPage.Received(_lane), out uint buffer, out int length))
        {
            moved++;
            if (buffer >= LinkPage.ReceiveBuffers || length > copy.Length)
            {
                Refused++;
                continue;
            }

            ReadOnlySpan<byte> frame = LinkPage.ReceiveBuffer(_received, buffer).Slice(0, length);
            frame.CopyTo(copy.Slice(0, length));
            isInVain = stack.Receive(copy.Slice(0, length)) == FrameOutcome.UdpBufferFull && mayStop;
            _ = _empty.TryPut(LinkPage.Empty(_lane), buffer, 0);
            _untold++;
        }

        return moved == Budget;
    }

    /// <summary>Takes buffers back whose frames went, and has the stack fill free ones, at most a budget.</summary>
    /// <returns>Whether the stack may have more.</returns>
    public bool Send(in NetStack stack)
    {
        while (_sent.TryTake(LinkPage.Sent(_lane), out uint back, out _))
        {
            Free(back);
        }

        int moved = 0;
        while (moved < Budget && _freeCount > 0)
        {
            uint buffer = _free[(int)_freeCount - 1];
            int length = stack.Transmit(LinkPage.SendBuffer(_lane, buffer));
            if (length == 0 || !_toSend.TryPut(LinkPage.ToSend(_lane), buffer, length))
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

    /// <summary>The driver was told.</summary>
    public void Told()
    {
        _untold = 0;
        _hasSent = false;
    }

    private void Free(uint buffer)
    {
        if (buffer >= LinkPage.SendBuffers || (_sending & (1UL << (int)buffer)) == 0)
        {
            Refused++;
            return;
        }

        _sending &= ~(1UL << (int)buffer);
        _free[(int)_freeCount++] = (byte)buffer;
    }

    [InlineArray((int)LinkPage.SendBuffers)]
    private struct FreeBuffers
    {
        private byte _buffer0;
    }
}
