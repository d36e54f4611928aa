using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Mesh;

/// <summary>A node that sends numbers to a node on every other core, and checks what comes: in order, once, unchanged. The argument says how many.</summary>
public static class MeshProgram
{
    private const uint NodesMax = 16;
    private const uint CountUsual = 1000;
    private const ulong TriesPerSecond = 5000;

    [Program]
    internal static void Main(in ProgramStart start)
    {
        uint count = start.Arguments.Length != 0 && ArgumentReader.TryNumber(start.Arguments, out ulong asked) ? (uint)asked : CountUsual;
        MeshLines lines = default;
        Open(in start, ref lines);
        while (!IsDone(ref lines, count))
        {
            if (!Turn(ref lines, start.Core, count))
            {
                Rest(ref lines, count, start.TscHz);
            }
        }

        Tell(in start, ref lines, count);
        Stay(ref lines);
        ProgramExit.End(0);
    }

    private static void Open(in ProgramStart start, ref MeshLines lines)
    {
        for (uint node = 0; node < NodesMax; node++)
        {
            TextBuffer name = default;
            name.Add("to-"u8);
            name.Add(node);
            lines[(int)node].Channel = RingChannel.Of(in start, TextBuffer.View(in name));
            lines[(int)node].Peer = node;
            if (lines[(int)node].Channel.IsGiven && lines[(int)node].Channel.Open() != ChannelResult.Done)
            {
                ProgramExit.End(1);
            }
        }
    }

    private static bool IsDone(ref MeshLines lines, uint count)
    {
        for (int node = 0; node < NodesMax; node++)
        {
            ref MeshLine line = ref lines[node];
            if (line.Channel.IsGiven && (line.Sent != count || line.Received < count))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Turn(ref MeshLines lines, uint core, uint count)
    {
        bool did = false;
        for (int node = 0; node < NodesMax; node++)
        {
            if (lines[node].Channel.IsGiven)
            {
                did |= lines[node].Receive();
                did |= lines[node].Send(core, count);
            }
        }

        return did;
    }

    // A slot that comes back rings nobody: who has something left to send looks again by itself.
    private static void Rest(ref MeshLines lines, uint count, ulong tscHz)
    {
        bool mayRest = true;
        bool hasMore = false;
        ulong notification = 0;
        for (int node = 0; node < NodesMax; node++)
        {
            ref MeshLine line = ref lines[node];
            if (line.Channel.IsGiven)
            {
                mayRest &= line.Channel.TryRest();
                hasMore |= line.Sent != count;
                notification = line.Channel.Notification;
            }
        }

        if (mayRest)
        {
            ulong deadline = hasMore ? Ipc.Now() + (tscHz / TriesPerSecond) : Deadline.Never;
            _ = Ipc.Receive(notification, 0, out _, Deadline.Flags(deadline), deadline);
        }

        for (int node = 0; node < NodesMax; node++)
        {
            if (lines[node].Channel.IsGiven)
            {
                lines[node].Channel.Awake();
            }
        }
    }

    // The node that has a console speaks for all; the others send it what they have seen.
    private static void Tell(in ProgramStart start, ref MeshLines lines, uint count)
    {
        ulong received = 0;
        ulong wrong = 0;
        for (int node = 0; node < NodesMax; node++)
        {
            received += lines[node].Received;
            wrong += lines[node].Wrong;
        }

        if (start.Core != 0)
        {
            RingMessage report = MeshMessage.ReportOf(received, wrong);
            while (lines[0].Channel.TrySend(in report) == ChannelResult.WouldBlock)
            {
                Ipc.Yield();
            }

            lines[0].Channel.EndTurn();
            return;
        }

        ConsoleClient console = new(start.Find("console"u8));
        Say(console, 0, received, wrong);
        for (uint node = 1; node < NodesMax; node++)
        {
            ref MeshLine line = ref lines[(int)node];
            while (line.Channel.IsGiven && !line.HasReport && line.Channel.Wait() == ChannelResult.Done)
            {
                _ = line.Receive();
            }

            if (line.Channel.IsGiven)
            {
                Say(console, node, line.ReportedReceived, line.ReportedWrong);
            }
        }
    }

    // Whoever looks at the machine afterwards finds the channels as they were.
    private static void Stay(ref MeshLines lines)
    {
        for (int node = 0; node < NodesMax; node++)
        {
            ref MeshLine line = ref lines[node];
            while (line.Channel.IsGiven && line.Channel.Wait() == ChannelResult.Done)
            {
                _ = line.Receive();
            }
        }
    }

    private static void Say(ConsoleClient console, uint core, ulong received, ulong wrong)
    {
        TextBuffer text = default;
        text.Add("mesh: core "u8);
        text.Add(core);
        text.Add(" received "u8);
        text.Add(received);
        text.Add(", wrong "u8);
        text.Add(wrong);
        text.Add("\n"u8);
        if (console.Write(TextBuffer.View(in text), out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }

    [NonCopyable]
    [InlineArray((int)NodesMax)]
    private struct MeshLines
    {
        private MeshLine _line0;
    }
}
