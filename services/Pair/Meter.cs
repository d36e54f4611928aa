using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Pair;

/// <summary>Measures what messages to the other program cost, in ticks of the TSC: under an emulator that counts instructions, in those of both cores.</summary>
/// <remarks>While one core works the other sleeps, so nothing is counted that does not belong to the message.</remarks>
internal static class Meter
{
    private const ulong Calls = 200;
    private const ulong Batch = 24;
    private const ulong RestsPerSecond = 100;

    /// <summary>Measures, and says it on the console: lines <c>pair: figure NAME TICKS of COUNT</c>, and <c>pair: measured</c> at the end.</summary>
    internal static void Run(in ProgramStart start, ref RingChannel channel)
    {
        ConsoleClient console = new(start.Find("console"u8));
        ulong tscHz = start.TscHz;
        if (channel.Open() != ChannelResult.Done)
        {
            ProgramExit.End(1);
        }

        Call(ref channel, Calls);
        Settle(ref channel, tscHz);
        ulong began = Ipc.Now();
        Call(ref channel, Calls);
        Say(console, "call-reply.asleep"u8, Ipc.Now() - began, Calls);

        Settle(ref channel, tscHz);
        began = Ipc.Now();
        Send(ref channel);
        Say(console, "send"u8, Ipc.Now() - began, Batch);

        channel.EndTurn();
        Settle(ref channel, tscHz);
        began = Ipc.Now();
        Receive(ref channel);
        Say(console, "receive"u8, Ipc.Now() - began, Batch);
        MeasurePolling(ref channel, console, tscHz);
        MeasureProtocol(in start, console);
        if (console.Write("pair: measured\n"u8, out _) != CallResult.Ok)
        {
            ProgramExit.End(2);
        }
    }

    // What is left of the time when the looks in vain are taken off.
    private static void MeasurePolling(ref RingChannel channel, ConsoleClient console, ulong tscHz)
    {
        Settle(ref channel, tscHz);
        ulong began = Ipc.Now();
        Polling.LookInVain(ref channel, Calls);
        ulong looks = Ipc.Now() - began;

        RingMessage mark = default;
        mark.Payload.Word0 = Polling.Mark;
        mark.Payload.Word1 = 2 * Calls;
        if (channel.TrySend(in mark) != ChannelResult.Done)
        {
            ProgramExit.End(1);
        }

        channel.EndTurn();
        _ = Polling.Ask(ref channel, Calls, out ulong before);
        began = Ipc.Now();
        ulong vain = Polling.Ask(ref channel, Calls, out ulong others);
        ulong all = Ipc.Now() - began;
        Say(console, "call-reply.polling"u8, all - ((vain + others - before) * looks / Calls), Calls);
    }

    // The same question and answer through what the generator makes: one word each way, and bytes that take several messages.
    private static void MeasureProtocol(in ProgramStart start, ConsoleClient console)
    {
        PairClient<ChannelTransport> other = default;
        other.Transport.Channel = RingChannel.Of(in start, "asked"u8);
        Next(ref other, Calls);
        Settle(ref other.Transport.Channel, start.TscHz);
        ulong began = Ipc.Now();
        Next(ref other, Calls);
        Say(console, "protocol-call.asleep"u8, Ipc.Now() - began, Calls);
    }

    private static void Next(ref PairClient<ChannelTransport> other, ulong count)
    {
        for (ulong number = 0; number < count; number++)
        {
            if (other.Next(number, out _) != CallResult.Ok)
            {
                ProgramExit.End(1);
            }
        }
    }

    // Until the other has answered what it was sent, and sleeps.
    private static void Settle(ref RingChannel channel, ulong tscHz)
    {
        ulong deadline = Ipc.Now() + (tscHz / RestsPerSecond);
        _ = Ipc.Receive(channel.Notification, 0, out _, Deadline.Flags(deadline), deadline);
        while (Ipc.Now() < deadline)
        {
            _ = Ipc.Receive(channel.Notification, 0, out _, Deadline.Flags(deadline), deadline);
        }
    }

    private static void Call(ref RingChannel channel, ulong count)
    {
        for (ulong number = 0; number < count; number++)
        {
            RingMessage question = Question(number);
            if (channel.TrySend(in question) != ChannelResult.Done || channel.Wait() != ChannelResult.Done
                || channel.TryReceive(out _) != ChannelResult.Done)
            {
                ProgramExit.End(1);
            }
        }
    }

    private static void Send(ref RingChannel channel)
    {
        RingMessage question = Question(1);
        for (ulong number = 0; number < Batch; number++)
        {
            if (channel.TrySend(in question) != ChannelResult.Done)
            {
                ProgramExit.End(1);
            }
        }
    }

    private static void Receive(ref RingChannel channel)
    {
        for (ulong number = 0; number < Batch; number++)
        {
            if (channel.TryReceive(out _) != ChannelResult.Done)
            {
                ProgramExit.End(1);
            }
        }
    }

    private static RingMessage Question(ulong number)
    {
        RingMessage message = default;
        message.Payload.Word0 = number;
        return message;
    }

    private static void Say(ConsoleClient console, ReadOnlySpan<byte> name, ulong ticks, ulong count)
    {
        if (!FigureLine.Say(console, "pair"u8, name, ticks, count))
        {
            ProgramExit.End(2);
        }
    }
}
