using System;
using Atoll.Abi;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;

namespace Atoll.Services.Http;

/// <summary>/api/instances: how instances and programs are, in pieces that fit into a connection's buffer.</summary>
/// <remarks>
/// A step is one piece: the turn of an instance in the upper half, the place in it in the lower. The own instance comes first, the others in the order of their cores. In each the figures are the
/// first place, then comes each program, and then the end. Between two pieces another core may tell anew, or fall silent: each piece is whole, whatever the one before was.
/// </remarks>
internal static class InstanceJson
{
    private const int TurnShift = 16;
    private const uint PlaceMask = 0xFFFF;
    private const uint Over = uint.MaxValue;

    /// <summary>Writes pieces while they fit.</summary>
    /// <returns>Bytes that were written.</returns>
    internal static int Fill<TMachine>(ref TMachine machine, ref HttpAnswer answer, in HttpCounters counters, Span<byte> to,
        out bool isLast)
        where TMachine : struct, IMachine
    {
        ByteWriter writer = new(to);
        int whole = 0;
        isLast = false;
        while (!isLast)
        {
            uint next = WriteStep(ref machine, answer.Step, counters, ref writer);
            if (writer.IsCut)
            {
                break;
            }

            whole = writer.Length;
            answer.Step = next;
            isLast = next == Over;
        }

        return whole;
    }

    // The step that follows.
    private static uint WriteStep<TMachine>(ref TMachine machine, uint step, in HttpCounters counters, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        machine.Describe(out InstanceFacts own);
        uint turn = step >> TurnShift;
        bool isLast = turn + 1 >= own.Cores;
        bool goesOn = turn == 0
            ? WriteOwn(ref machine, step & PlaceMask, own, counters, ref to)
            : WriteOther(ref machine, step & PlaceMask, turn <= own.Core ? turn - 1 : turn, ref to);
        if (goesOn)
        {
            return step + 1;
        }

        if (isLast)
        {
            to.Add("]}\n"u8);
        }

        return isLast ? Over : (turn + 1) << TurnShift;
    }

    // Whether there is more of the instance.
    private static bool WriteOwn<TMachine>(ref TMachine machine, uint place, in InstanceFacts facts, in HttpCounters counters, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        if (place == 0)
        {
            WriteMachine(ref to, facts, counters);
            WriteInstance(ref to, facts);
            return true;
        }

        if (place > machine.CountPrograms())
        {
            to.Add("]}"u8);
            return false;
        }

        ProgramName name = default;
        bool isKnown = machine.TryDescribe(place - 1, ref name, out ProgramFacts program);
        WriteProgram(ref to, place, isKnown, in name, in program);
        return true;
    }

    private static bool WriteOther<TMachine>(ref TMachine machine, uint place, uint core, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        bool isTold = machine.TryDescribeCore(core, out InstanceFacts facts, out uint programs);
        if (place == 0)
        {
            to.Add((byte)',');
            if (isTold)
            {
                WriteInstance(ref to, facts);
                return true;
            }

            // It has no agent, or the agent has told nothing lately.
            to.Add("{\"core\":"u8);
            to.Add(core);
            to.Add((byte)'}');
            return false;
        }

        if (place > programs)
        {
            to.Add("]}"u8);
            return false;
        }

        ProgramName name = default;
        bool isKnown = machine.TryDescribeProgram(core, place - 1, ref name, out ProgramFacts program);
        WriteProgram(ref to, place, isKnown, in name, in program);
        return true;
    }

    private static void WriteMachine(ref ByteWriter to, in InstanceFacts facts, in HttpCounters counters)
    {
        to.Add("{\"uptime_us\":"u8);
        to.Add(facts.Uptime);
        JsonText.Add(ref to, "cores"u8, facts.Cores);
        to.Add(",\"http\":{\"open\":"u8);
        to.Add(counters.Of(HttpEvent.ConnectionsOpened) - counters.Of(HttpEvent.ConnectionsClosed));
        JsonText.Add(ref to, "requests"u8, counters.Of(HttpEvent.Requests));
        JsonText.Add(ref to, "refused"u8, counters.Refused);
        JsonText.Add(ref to, "received_bytes"u8, counters.Of(HttpEvent.BytesReceived));
        JsonText.Add(ref to, "sent_bytes"u8, counters.Of(HttpEvent.BytesSent));
        to.Add("},\"instances\":["u8);
    }

    private static void WriteInstance(ref ByteWriter to, in InstanceFacts facts)
    {
        to.Add("{\"core\":"u8);
        to.Add(facts.Core);
        to.Add(",\"state\":\"running\""u8);
        JsonText.Add(ref to, "told_us"u8, facts.Uptime);
        JsonText.Add(ref to, "memory_bytes"u8, facts.MemoryBytes);
        JsonText.Add(ref to, "free_bytes"u8, facts.FreeBytes);
        JsonText.Add(ref to, "system_calls"u8, facts.SystemCalls);
        JsonText.Add(ref to, "switches"u8, facts.Switches);
        JsonText.Add(ref to, "interrupts"u8, facts.Interrupts);
        JsonText.Add(ref to, "wake_ups"u8, facts.WakeUps);
        JsonText.Add(ref to, "slept_us"u8, facts.Slept);
        to.Add(",\"programs\":["u8);
    }

    // Its place is counted from 1.
    private static void WriteProgram(ref ByteWriter to, uint place, bool isKnown, ref readonly ProgramName name, ref readonly ProgramFacts facts)
    {
        to.Add(place == 1 ? "{\"name\":"u8 : ",{\"name\":"u8);
        JsonText.AddText(ref to, isKnown ? Text.OfName(in name) : "?"u8);
        to.Add(",\"state\":"u8);
        JsonText.AddText(ref to, isKnown ? ProgramStates.NameOf(facts.State) : "unknown"u8);
        JsonText.Add(ref to, "priority"u8, facts.Priority);
        JsonText.Add(ref to, "starts"u8, facts.Starts);
        JsonText.Add(ref to, "memory_bytes"u8, facts.MemoryBytes);
        JsonText.Add(ref to, "ran_us"u8, facts.Ran);
        JsonText.Add(ref to, "system_calls"u8, facts.SystemCalls);
        to.Add((byte)'}');
    }
}
