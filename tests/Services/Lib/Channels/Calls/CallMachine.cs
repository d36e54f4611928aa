using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Tests.Lib.Channels.Calls;

/// <summary>Clients and a server that talk over channels, in one thread: who waits lets the server work.</summary>
internal sealed class CallMachine : IHostKernel, IDisposable
{
    private const uint FirstEnd = 100;
    private const uint ServerSlot = 500;
    private const uint SlotsOfAnEnd = 2;

    private readonly SharedRings[] _rings;
    private Callers _callers;
    private PairServer _server;

    public CallMachine(int clients = 1)
    {
        HostKernel.Current = this;
        _rings = [.. Enumerable.Range(0, clients).Select(_ => new SharedRings())];
        States = [.. Enumerable.Range(0, 3).Select(client => client < clients ? ChannelState.Open : ChannelState.Asking)];
        for (int client = 0; client < 3; client++)
        {
            _callers[client].Channel = End(ServerSlot + ((uint)client * SlotsOfAnEnd), client < clients ? _rings[client].Second : 0);
            _callers[client].Badge = (ulong)client + 1;
        }
    }

    /// <summary>How the channels are, as the kernel says.</summary>
    public ChannelState[] States { get; }

    /// <summary>Whether the server works when somebody waits; if not, time passes.</summary>
    public bool ServerWorks { get; set; } = true;

    /// <summary>How a client's wait ends when the server does not work.</summary>
    public SystemResult WaitEnds { get; set; } = SystemResult.TimedOut;

    /// <summary>Done when a client waits, before the server works.</summary>
    public Action WhenWaiting { get; set; } = () => { };

    /// <summary>Ends that were asked for anew.</summary>
    public int Reopened { get; private set; }

    /// <summary>How often somebody was rung.</summary>
    public int Rings { get; private set; }

    /// <summary>Badges of who asked, in order.</summary>
    public List<ulong> Asked => _server.Asked;

    ulong IHostKernel.Now => 1000;

    /// <summary>A client's transport.</summary>
    public PairClient<ChannelTransport> Client(int client, ulong deadline = 0)
    {
        PairClient<ChannelTransport> made = default;
        made.Transport.Channel = Raw(client);
        made.Transport.Deadline = deadline;
        return made;
    }

    /// <summary>A client's transport that waits for nothing.</summary>
    public PairClient<ChannelInquiry> Inquiry(int client)
    {
        GrantRecord grant = Grant(FirstEnd + ((uint)client * SlotsOfAnEnd), _rings[client].First);
        PairClient<ChannelInquiry> made = default;
        made.Transport = ChannelInquiry.Of(in grant, HostRegion.Make(2 * ChannelInquiry.SizeBytes), 1);
        return made;
    }

    /// <summary>A client's end, to play a client word by word.</summary>
    public RingChannel Raw(int client) => End(FirstEnd + ((uint)client * SlotsOfAnEnd), _rings[client].First);

    /// <summary>The server's end, to play a server.</summary>
    public RingChannel RawServer(int client) => End(ServerSlot + ((uint)client * SlotsOfAnEnd), _rings[client].Second);

    /// <summary>What a client receives is not what any end writes.</summary>
    public void Spoil(int client) => _rings[client].Spoil();

    /// <summary>The server does all that it can do.</summary>
    public void Serve()
    {
        PairServer.Machine = this;
        Assert.Equal(SystemResult.AddressInvalid, ChannelLoop.Run<PairDispatch<PairServer>, PairServer, Callers>(ref _server, ref _callers));
    }

    public void Dispose()
    {
        foreach (SharedRings rings in _rings)
        {
            rings.Dispose();
        }
    }

    void IHostKernel.Do(ref CallFrame frame)
    {
        ulong address = frame.Address;
        bool isServer = address >= ServerSlot;
        int client = (int)((address - (isServer ? ServerSlot : FirstEnd)) / SlotsOfAnEnd);
        Rings += (frame.Number & SystemCallFlags.Rings) == 0 ? 0 : frame.Word1 == 0 ? 1 : 2;
        frame.Number = (ulong)((frame.Number & 0xFF) == (ulong)SystemCall.Receive
            ? isServer ? SystemResult.AddressInvalid : WaitFor()
            : Invoke(ref frame, client));
    }

    private SystemResult WaitFor()
    {
        WhenWaiting();
        if (!ServerWorks)
        {
            return WaitEnds;
        }

        Serve();
        return SystemResult.Ok;
    }

    private SystemResult Invoke(ref CallFrame frame, int client)
    {
        switch ((ChannelOperation)new MessageHeader(frame.Header).Label)
        {
            case ChannelOperation.Describe:
                (frame.Word0, frame.Word1, frame.Word3) = ((ulong)States[client], 9, 1);
                return SystemResult.Ok;
            case ChannelOperation.Ring:
                Rings++;
                return SystemResult.Ok;
            case ChannelOperation.Reopen:
                Reopened++;
                return SystemResult.Ok;
            default:
                return SystemResult.Ok;
        }
    }

    private static GrantRecord Grant(uint slot, ulong pages) => new() { Kind = GrantKind.Channel, Slot = slot, Argument = pages };

    private static RingChannel End(uint slot, ulong pages)
    {
        GrantRecord grant = Grant(slot, pages);
        return RingChannel.Of(in grant);
    }

    /// <summary>As many as a test has clients at most; the others are never given a channel.</summary>
    [InlineArray(3)]
    private struct Callers : IChannelCallers<Callers>
    {
        private ChannelCaller _first;

        public static int Count => 3;

        public static ref ChannelCaller At(ref Callers callers, int index) => ref callers[index];
    }

    /// <summary>Answers, and notes who asked.</summary>
    internal struct PairServer : IPairServer
    {
        private List<ulong>? _asked;

        internal static CallMachine? Machine { get; set; }

        internal List<ulong> Asked => _asked ??= [];

        public ulong NextDeadline => Deadline.Never;

        public void Signalled(ulong bits)
        {
        }

        public void Elapsed()
        {
        }

        public ulong Next(in Caller caller, ulong number)
        {
            Asked.Add(caller.Badge);
            return number + 1;
        }

        public PairAnswer Mirror(in Caller caller, ReadOnlySpan<byte> bytes, Span<byte> mirrored, out uint length)
        {
            Asked.Add(caller.Badge);
            length = 0;
            if (bytes.Length > mirrored.Length)
            {
                return PairAnswer.NoRoom;
            }

            for (int index = 0; index < bytes.Length; index++)
            {
                mirrored[index] = bytes[bytes.Length - 1 - index];
            }

            length = (uint)bytes.Length;
            return PairAnswer.Done;
        }

        public void Fail(in Caller caller) => Machine!.States[caller.Badge - 1] = ChannelState.PeerDied;
    }
}
