using System;
using Atoll.Abi;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;

namespace Atoll.Services.Http;

/// <summary>/api/instances: how instances and programs are, in pieces that fit into a connection's buffer.</summary>
/// <remarks>A step is one piece: the instance, then each program, then the other instances, of which nothing is known here.</remarks>
internal static class InstanceJson
{
    private const uint FirstProgram = 1;

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
            isLast = WriteStep(ref machine, answer.Step, counters, ref writer);
            if (writer.IsCut)
            {
                isLast = false;
                break;
            }

            whole = writer.Length;
            answer.Step++;
        }

        return whole;
    }

    // Whether it was the last.
    private static bool WriteStep<TMachine>(ref TMachine machine, uint step, in HttpCounters counters, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        machine.Describe(out InstanceFacts facts);
        if (step == 0)
        {
            WriteInstance(ref to, facts, counters);
            return false;
        }

        uint programs = machine.CountPrograms();
        if (step - FirstProgram < programs)
        {
            WriteProgram(ref machine, step - FirstProgram, ref to);
            return false;
        }

        to.Add("]}"u8);
        WriteOthers(ref to, facts);
        to.Add("]}\n"u8);
        return true;
    }

    private static void WriteInstance(ref ByteWriter to, in InstanceFacts facts, in HttpCounters counters)
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
        to.Add("},\"instances\":[{\"core\":"u8);
        to.Add(facts.Core);
        to.Add(",\"state\":\"running\""u8);
        JsonText.Add(ref to, "memory_bytes"u8, facts.MemoryBytes);
        JsonText.Add(ref to, "free_bytes"u8, facts.FreeBytes);
        JsonText.Add(ref to, "system_calls"u8, facts.SystemCalls);
        JsonText.Add(ref to, "switches"u8, facts.Switches);
        JsonText.Add(ref to, "interrupts"u8, facts.Interrupts);
        JsonText.Add(ref to, "wake_ups"u8, facts.WakeUps);
        JsonText.Add(ref to, "slept_us"u8, facts.Slept);
        to.Add(",\"programs\":["u8);
    }

    private static void WriteProgram<TMachine>(ref TMachine machine, uint program, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        ProgramName name = default;
        bool isKnown = machine.TryDescribe(program, ref name, out ProgramFacts facts);
        to.Add(program == 0 ? "{\"name\":"u8 : ",{\"name\":"u8);
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

    // Each instance has an Init of its own; agents of other cores, which could ask theirs, are not asked.
    private static void WriteOthers(ref ByteWriter to, in InstanceFacts facts)
    {
        for (uint core = 0; core < facts.Cores; core++)
        {
            if (core != facts.Core)
            {
                to.Add(",{\"core\":"u8);
                to.Add(core);
                to.Add("}"u8);
            }
        }
    }
}
