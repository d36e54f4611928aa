using System.Runtime.CompilerServices;
using System.Text;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Lib.Channels.Calls;

namespace Atoll.Http.Tests.Site;

/// <summary>The agent of another core and a channel to it, in one thread: it answers when the test says so. Whoever waits for it has made a mistake.</summary>
internal sealed class AgentMachine : IHostKernel, IDisposable
{
    private const uint AskerSlot = 100;
    private const uint AgentSlot = 500;

    private readonly SharedRings _rings = new();
    private OneCaller _callers;
    private Agent _agent;

    public AgentMachine()
    {
        HostKernel.Current = this;
        _agent.Machine = this;
        _callers[0].Channel = End(AgentSlot, _rings.Second);
    }

    /// <summary>Programs of the system; those that are elsewhere belong to other cores.</summary>
    public List<PretendedProgram> Programs { get; } = [];

    /// <summary>How the channel is, as the kernel says.</summary>
    public ChannelState State { get; set; } = ChannelState.Open;

    /// <summary>Ends that were asked for anew.</summary>
    public int Reopened { get; private set; }

    /// <summary>Questions that were answered.</summary>
    public int Answered { get; private set; }

    ulong IHostKernel.Now => 1000;

    /// <summary>The end of who asks.</summary>
    public ChannelInquiry Asker()
    {
        GrantRecord grant = new() { Kind = GrantKind.Channel, Slot = AskerSlot, Argument = _rings.First };
        return ChannelInquiry.Of(in grant, HostRegion.Make(ChannelInquiry.SizeBytes), 0);
    }

    /// <summary>The agent answers what it was asked.</summary>
    public void Serve() =>
        Assert.Equal(SystemResult.AddressInvalid, ChannelLoop.Run<SystemDispatch<Agent>, Agent, OneCaller>(ref _agent, ref _callers));

    public void Dispose() => _rings.Dispose();

    void IHostKernel.Do(ref CallFrame frame)
    {
        if ((frame.Number & 0xFF) == (ulong)SystemCall.Receive)
        {
            Assert.True(frame.Address >= AgentSlot, "who asks an agent waits");
            frame.Number = (ulong)SystemResult.AddressInvalid;
            return;
        }

        ChannelOperation operation = (ChannelOperation)new MessageHeader(frame.Header).Label;
        if (operation == ChannelOperation.Describe)
        {
            (frame.Word0, frame.Word1, frame.Word3) = ((ulong)State, 9, 1);
        }

        Reopened += operation == ChannelOperation.Reopen ? 1 : 0;
        frame.Number = (ulong)SystemResult.Ok;
    }

    private static RingChannel End(uint slot, ulong pages)
    {
        GrantRecord grant = new() { Kind = GrantKind.Channel, Slot = slot, Argument = pages };
        return RingChannel.Of(in grant);
    }

    [InlineArray(1)]
    private struct OneCaller : IChannelCallers<OneCaller>
    {
        private ChannelCaller _first;

        public static int Count => 1;

        public static ref ChannelCaller At(ref OneCaller callers, int index) => ref callers[index];
    }

    /// <summary>Answers what the web server asks, and nothing else.</summary>
    private struct Agent : ISystemServer
    {
        internal AgentMachine Machine { get; set; }

        public readonly ulong NextDeadline => Deadline.Never;

        public readonly void Signalled(ulong bits)
        {
        }

        public readonly void Elapsed()
        {
        }

        public readonly ulong Memory(in Caller caller, out ulong free)
        {
            Machine.Answered++;
            free = 3;
            return 8;
        }

        public readonly SystemAnswer Figures(
            in Caller caller, out ulong systemCalls, out ulong switches, out ulong interrupts, out ulong turns, out ulong asleepMicroseconds, out ulong longestTicks)
        {
            Machine.Answered++;
            (systemCalls, switches, interrupts, turns, asleepMicroseconds, longestTicks) = (11, 12, 13, 14, 15, 16);
            return SystemAnswer.Done;
        }

        public readonly SystemAnswer Describe(
            in Caller caller,
            uint program,
            Span<byte> name,
            out uint length,
            out ProgramState state,
            out uint starts,
            out uint priority,
            out ulong memoryBytes,
            out ulong microseconds,
            out ulong systemCalls)
        {
            Machine.Answered++;
            bool isKnown = program < Machine.Programs.Count;
            PretendedProgram found = isKnown ? Machine.Programs[(int)program] : new("");
            length = (uint)Encoding.UTF8.GetBytes(found.Name, name);
            (state, starts, priority, memoryBytes, microseconds, systemCalls) = (found.State, found.Starts, program, 21, 22, found.SystemCalls);
            return isKnown ? SystemAnswer.Done : SystemAnswer.Unknown;
        }

        public readonly uint Programs(in Caller caller, Span<byte> name, out uint length) => throw new NotSupportedException();

        public readonly SystemAnswer Image(in Caller caller, uint program, Span<byte> image, out uint length) => throw new NotSupportedException();

        public readonly SystemAnswer Why(in Caller caller, uint program, out StartFailure failure, out uint fault, out uint exitCode) => throw new NotSupportedException();

        public readonly SystemAnswer Policy(in Caller caller, uint program, out bool isRestarted, out uint most, out uint windowSeconds) => throw new NotSupportedException();

        public readonly SystemAnswer Start(in Caller caller, uint program) => throw new NotSupportedException();

        public readonly SystemAnswer Stop(in Caller caller, uint program) => throw new NotSupportedException();

        public readonly SystemAnswer Restart(in Caller caller, uint program) => throw new NotSupportedException();

        public readonly SystemAnswer GiveUp(in Caller caller, uint program, uint fault) => throw new NotSupportedException();

        public readonly SystemAnswer End(in Caller caller, uint program, uint exitCode) => throw new NotSupportedException();

        public readonly SystemAnswer Slot(
            in Caller caller, uint program, uint slot, Span<byte> name, out uint length, out uint type, out uint rights, out ulong detail) =>
            throw new NotSupportedException();

        public readonly ulong Events(in Caller caller, out ulong oldest) => throw new NotSupportedException();

        public readonly SystemAnswer Event(
            in Caller caller, ulong number, out uint program, out ulong milliseconds, out uint fault, out ulong rip, out ulong address, out WatchOutcome became) =>
            throw new NotSupportedException();

        public readonly SystemAnswer Report(in Caller caller, uint program, uint fault, ulong rip, ulong address, WatchOutcome became) => throw new NotSupportedException();
    }
}
