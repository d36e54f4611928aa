using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib.Sets;

/// <summary>A kernel with the channels of one program, and whoever is at their other ends. Between any two system calls others act: what, the test says.</summary>
internal sealed unsafe class PlayedKernel : IHostKernel, IDisposable
{
    /// <summary>The program's first slot; its notification is in the one before.</summary>
    public const uint FirstSlot = 64;

    private readonly byte* _pages;
    private readonly LinkedList<int> _ready = [];
    private ulong _epochs;
    private ulong _pending;

    public PlayedKernel(int ends)
    {
        _pages = (byte*)NativeMemory.AlignedAlloc((nuint)ends * 8192, 4096);
        NativeMemory.Clear(_pages, (nuint)ends * 8192);
        Ends = [.. Enumerable.Range(0, ends).Select(number => new PlayedEnd(_pages + (number * 8192L)))];
        HostKernel.Current = this;
    }

    /// <summary>The other ends.</summary>
    public IReadOnlyList<PlayedEnd> Ends { get; }

    /// <summary>What happens before a system call.</summary>
    public Action Between { get; set; } = () => { };

    /// <summary>The program waits, and nothing is pending. Whether it is to go on: else its deadline has come.</summary>
    public Func<bool> Idle { get; set; } = () => false;

    /// <summary>System calls of the program.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether a signal is pending.</summary>
    public bool IsPending => _pending != 0;

    /// <inheritdoc/>
    ulong IHostKernel.Now => 1000;

    public void Dispose() => NativeMemory.AlignedFree(_pages);

    /// <summary>A set over all of them.</summary>
    public ChannelSet Set()
    {
        GrantRecord first = new()
        {
            Kind = GrantKind.Channel, Slot = FirstSlot, Argument = (ulong)_pages, Count = (ushort)Ends.Count,
        };
        return ChannelSet.Of(in first, (uint)Ends.Count, HostRegion.Make((int)ChannelSet.BytesFor((uint)Ends.Count)));
    }

    /// <summary>The other end comes, and the channel is made.</summary>
    public void Open(int end)
    {
        Ends[end].Open(++_epochs);
        Tell(end, ChannelNews.Changed);
    }

    /// <summary>The next that is under way from another end arrives.</summary>
    public bool TryArrive(int end)
    {
        if (!Ends[end].UnderWay.TryDequeue(out (byte News, ulong Epoch) word))
        {
            return false;
        }

        if (Ends[end].State == ChannelState.Open && Ends[end].Epoch == word.Epoch)
        {
            Ends[end].State = word.News == ChannelNews.Changed ? ChannelState.PeerDied : ChannelState.Open;
            Tell(end, word.News);
        }

        return true;
    }

    /// <summary>There will be no channel.</summary>
    public void Refuse(int end)
    {
        Ends[end].State = ChannelState.Unavailable;
        Tell(end, ChannelNews.Changed);
    }

    /// <inheritdoc/>
    void IHostKernel.Do(ref CallFrame frame)
    {
        Calls++;
        Between();
        ulong number = frame.Number;
        frame.Number = (ulong)SystemResult.Ok;
        if ((number & SystemCallFlags.NumberMask) == (ulong)SystemCall.Receive)
        {
            Wait(ref frame);
        }
        else if (frame.Address == FirstSlot - 1)
        {
            frame.Word0 = TakeReady();
            frame.Word1 = TakeReady();
            frame.Word2 = TakeReady();
            frame.Word3 = TakeReady();
        }
        else
        {
            Invoke(ref frame, Ends[(int)(frame.Address - FirstSlot)]);
        }
    }

    private static void Invoke(ref CallFrame frame, PlayedEnd end)
    {
        switch ((ChannelOperation)new MessageHeader(frame.Header).Label)
        {
            case ChannelOperation.Describe:
                bool isMapped = end.State is ChannelState.Open or ChannelState.PeerDied;
                (frame.Word0, frame.Word1, frame.Word3) = ((ulong)end.State, end.Epoch, isMapped ? 1UL : 0);
                break;
            case ChannelOperation.Reopen when end.State is ChannelState.PeerDied or ChannelState.Unavailable:
                end.State = ChannelState.Asking;
                break;
            case ChannelOperation.Reopen:
                frame.Number = (ulong)SystemResult.WrongState;
                break;
            case ChannelOperation.Ring:
                break;
            default:
                throw new InvalidOperationException($"label {new MessageHeader(frame.Header).Label} of a channel");
        }
    }

    private void Wait(ref CallFrame frame)
    {
        while (_pending == 0)
        {
            if (!Idle())
            {
                frame.Number = (ulong)SystemResult.TimedOut;
                return;
            }
        }

        (frame.Address, _pending) = (_pending, 0);
    }

    private ulong TakeReady()
    {
        if (_ready.First is not { Value: int end })
        {
            return 0;
        }

        _ready.RemoveFirst();
        ulong taken = FirstSlot + (uint)end + ((ulong)Ends[end].News << ChannelNews.Shift);
        Ends[end].News = 0;
        return taken;
    }

    private void Tell(int end, byte news)
    {
        if (Ends[end].News == 0)
        {
            _ready.AddLast(end);
        }

        Ends[end].News |= news;
        _pending |= 1;
    }
}
