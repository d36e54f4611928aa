using System.Runtime.CompilerServices;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Agent;

/// <summary>Answers a program of another core for Init of this one: one agent on every core, and whoever has their channels sees and orders the programs of the whole machine.</summary>
public static class AgentProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        OneCaller callers = default;
        callers[0].Channel = RingChannel.Of(in start, "asker"u8);
        AgentServer server = new(start.Find("system"u8));
        _ = ChannelLoop.Run<SystemDispatch<AgentServer>, AgentServer, OneCaller>(ref server, ref callers);
        ProgramExit.End(1);
    }

    [NonCopyable]
    [InlineArray(1)]
    private struct OneCaller : IChannelCallers<OneCaller>
    {
        private ChannelCaller _first;

        public static int Count => 1;

        public static ref ChannelCaller At(ref OneCaller callers, int index) => ref callers[index];
    }
}
