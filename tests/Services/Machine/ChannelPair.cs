using System.Runtime.InteropServices;
using Atoll.Abi;

namespace Atoll.Services.Tests.Machine;

/// <summary>A channel between two programs under test, or between one and the test itself (docs/channels.md, "Memory"; <see cref="RingSlot"/>).</summary>
/// <remarks>Each end has its two pages; <see cref="Carry"/> does what the memory that they have in common does in the machine.</remarks>
public sealed unsafe class ChannelPair : IDisposable
{
    private const uint Slots = 32;
    private const int PageBytes = 4096;
    private const int WakeOffset = 2048;

    private readonly byte*[] _pages = new byte*[2];
    private readonly uint[] _put = new uint[2];
    private readonly uint[] _taken = new uint[2];
    private readonly ChannelState[] _states = [ChannelState.Asking, ChannelState.Asking];
    private readonly bool[] _isThere = new bool[2];
    private readonly ulong[] _wake = new ulong[2];
    private readonly ulong[] _rung = new ulong[2];

    public ChannelPair()
    {
        for (int end = 0; end < 2; end++)
        {
            _pages[end] = (byte*)NativeMemory.AlignedAlloc(2 * PageBytes, PageBytes);
        }
    }

    /// <summary>How often it was opened.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>How often each end rang.</summary>
    public int[] Rings { get; } = new int[2];

    /// <summary>Whether the test plays one end: then nothing is carried.</summary>
    public bool IsByHand { get; set; }

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => _states[0] == ChannelState.Open && _states[1] == ChannelState.Open;

    public void Dispose()
    {
        for (int end = 0; end < 2; end++)
        {
            NativeMemory.AlignedFree(_pages[end]);
        }
    }

    /// <summary>What the system gives a program: its end.</summary>
    public GrantRecord Give(int end, uint slot)
    {
        _isThere[end] = true;
        _states[end] = ChannelState.Asking;
        Meet();
        return new GrantRecord { Kind = GrantKind.Channel, Slot = slot, Argument = (ulong)_pages[end] };
    }

    /// <summary>A program is gone.</summary>
    public void Leave(int end)
    {
        Carry();
        _isThere[end] = false;
        _states[1 - end] = _states[1 - end] == ChannelState.Open ? ChannelState.PeerDied : _states[1 - end];
    }

    /// <summary>What the kernel does with an end.</summary>
    public SystemResult Do(int end, ref CallFrame frame)
    {
        switch ((ChannelOperation)new MessageHeader(frame.Header).Label)
        {
            case ChannelOperation.Describe:
                (frame.Word0, frame.Word1, frame.Word3) = ((ulong)_states[end], Epoch, 1);
                return SystemResult.Ok;
            case ChannelOperation.Ring:
                Rings[end]++;
                return SystemResult.Ok;
            case ChannelOperation.Reopen when _states[end] == ChannelState.PeerDied:
                _states[end] = ChannelState.Asking;
                Meet();
                return SystemResult.Ok;
            case ChannelOperation.SetNotification:
                return SystemResult.Ok;
            default:
                return SystemResult.WrongState;
        }
    }

    /// <summary>Whether an end has not taken note yet that the other is gone.</summary>
    public bool IsOrphan(int end) => _states[end] == ChannelState.PeerDied;

    /// <summary>The test's end sleeps, and is to be rung; or it looks by itself again.</summary>
    public void Sleep(int end, bool isAsleep)
    {
        _wake[end] += (_wake[end] & 1) == (isAsleep ? 1u : 0) ? 0u : 1;
        *(ulong*)(_pages[1 - end] + PageBytes + WakeOffset) = _wake[end];
    }

    /// <summary>Whether a program is to be rung: it sleeps, and was not rung for that.</summary>
    public bool TryRing(int end)
    {
        ulong wake = *(ulong*)(_pages[end] + WakeOffset);
        bool rings = (wake & 1) == 1 && wake != _rung[end];
        _rung[end] = rings ? wake : _rung[end];
        return rings;
    }

    /// <summary>What each has sent, the other has.</summary>
    public void Carry()
    {
        for (int end = 0; end < 2 && IsOpen && !IsByHand; end++)
        {
            while (HasRoom(1 - end) && TryTake(end, out RingMessage message))
            {
                Assert.True(TryPut(1 - end, in message));
            }

            *(ulong*)(_pages[1 - end] + PageBytes + WakeOffset) = *(ulong*)(_pages[end] + WakeOffset);
        }
    }

    /// <summary>Gives a program a message, as if the other end had sent it.</summary>
    /// <returns>False: it has not read so many before.</returns>
    public bool TryPut(int end, in RingMessage message)
    {
        if (!HasRoom(end))
        {
            return false;
        }

        ref RingSlot slot = ref ((RingSlot*)_pages[end])[_put[end] % Slots];
        slot.Payload = message.Payload;
        slot.Header = ((ulong)message.Meta << 32) | (_put[end] + 1);
        _put[end]++;
        return true;
    }

    /// <summary>Takes what a program has sent.</summary>
    public bool TryTake(int end, out RingMessage message)
    {
        ref RingSlot slot = ref ((RingSlot*)(_pages[end] + PageBytes))[_taken[end] % Slots];
        message = new RingMessage { Payload = slot.Payload, Meta = (uint)(slot.Header >> 32) };
        if (slot.Sequence != _taken[end] + 1)
        {
            return false;
        }

        slot.Sequence = _taken[end] + Slots;
        _taken[end]++;
        return true;
    }

    private bool HasRoom(int end) => ((RingSlot*)_pages[end])[_put[end] % Slots].Sequence == _put[end];

    // Whoever makes channels does so when both have asked.
    private void Meet()
    {
        if (!_isThere[0] || !_isThere[1] || _states[0] != ChannelState.Asking || _states[1] != ChannelState.Asking)
        {
            return;
        }

        Epoch++;
        for (int end = 0; end < 2; end++)
        {
            NativeMemory.Clear(_pages[end], 2 * PageBytes);
            for (uint number = 0; number < Slots; number++)
            {
                ((RingSlot*)_pages[end])[number].Sequence = number;
                ((RingSlot*)(_pages[end] + PageBytes))[number].Sequence = number;
            }

            _put[end] = 0;
            _taken[end] = 0;
            _wake[end] = 0;
            _rung[end] = 0;
            _states[end] = ChannelState.Open;
        }
    }
}
