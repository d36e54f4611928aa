using System;
using Atoll.Abi;
using Atoll.Services.Http.Engine;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Http;

/// <summary>/metrics: every counter, as Prometheus reads them, in pieces that fit into a connection's buffer.</summary>
/// <remarks>A step is one sample: the family in the upper half, the place in it in the lower.</remarks>
internal static class Metrics
{
    private const int FamilyShift = 16;
    private const uint PlaceMask = 0xFFFF;
    private const uint DeviceFamily = 9;
    private const uint DeviceFamilies = 2;
    private const uint ProgramFamily = DeviceFamily + DeviceFamilies;
    private const uint ProgramFamilies = 5;
    private const uint HttpFamily = ProgramFamily + ProgramFamilies;
    private const uint HttpFamilies = 12;
    private const uint ResponseFamily = HttpFamily + 1;
    private const uint FaultFamily = HttpFamily + 2;

    /// <summary>Writes samples while they fit.</summary>
    /// <returns>Bytes that were written.</returns>
    internal static int Fill<TMachine>(ref TMachine machine, ref HttpAnswer answer, in HttpCounters counters, Span<byte> to,
        out bool isLast)
        where TMachine : struct, IMachine
    {
        ByteWriter writer = new(to);
        int whole = 0;
        isLast = answer.Step >> FamilyShift == HttpFamily + HttpFamilies;
        while (!isLast)
        {
            bool isFamilyOver = WriteStep(ref machine, answer.Step, counters, ref writer);
            if (writer.IsCut)
            {
                break;
            }

            whole = writer.Length;
            answer.Step = isFamilyOver ? (answer.Step | PlaceMask) + 1 : answer.Step + 1;
            isLast = answer.Step >> FamilyShift == HttpFamily + HttpFamilies;
        }

        return whole;
    }

    // Whether the family has no more samples.
    private static bool WriteStep<TMachine>(ref TMachine machine, uint step, in HttpCounters counters, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        uint family = step >> FamilyShift;
        uint place = step & PlaceMask;
        if (family < ProgramFamily)
        {
            machine.Describe(out InstanceFacts facts);
            if (family < DeviceFamily)
            {
                WriteInstance(family, facts, ref to);
            }
            else if (facts.HasDevices)
            {
                WriteDevices(family - DeviceFamily, facts, ref to);
            }

            return true;
        }

        return family < HttpFamily
            ? WriteProgram(ref machine, family - ProgramFamily, place, ref to)
            : WriteHttp(family, place, counters, ref to);
    }

    private static void WriteInstance(uint family, in InstanceFacts facts, ref ByteWriter to)
    {
        MetricFamily metric = family switch
        {
            0 => new("atoll_uptime_seconds"u8, "Time since the machine was started."u8),
            1 => new("atoll_cores"u8, "Cores that were meant to get an instance."u8),
            2 => new("atoll_instance_memory_bytes"u8, "Memory that the kernel gave to programs."u8),
            3 => new("atoll_instance_memory_free_bytes"u8, "Memory of it that nothing was made of."u8),
            4 => new("atoll_instance_system_calls_total"u8, "System calls that took the long way."u8),
            5 => new("atoll_instance_switches_total"u8, "Switches between threads."u8),
            6 => new("atoll_instance_interrupts_total"u8, "Interrupts that came while programs ran."u8),
            7 => new("atoll_instance_wake_ups_total"u8, "Turns of the kernel's event loop."u8),
            _ => new("atoll_instance_sleep_seconds_total"u8, "Time that the core was halted."u8),
        };
        metric.Begin(ref to);
        switch (family)
        {
            case 0:
                metric.Add(ref to, facts.Uptime);
                break;
            case 1:
                metric.Add(ref to, facts.Cores);
                break;
            default:
                metric.AddOfCore(ref to, facts.Core, ValueOf(family, facts));
                break;
        }
    }

    private static void WriteDevices(uint family, in InstanceFacts facts, ref ByteWriter to)
    {
        MetricFamily metric = family == 0
            ? new("atoll_devices_held"u8, "Whether devices reach only what their drivers have mapped for them: 1, or else 0."u8)
            : new("atoll_device_faults_total"u8, "Times that a device reached for something else, and was stopped."u8);
        metric.Begin(ref to);
        metric.Add(ref to, family != 0 ? facts.DeviceFaults : facts.AreDevicesHeld ? 1u : 0u);
    }

    private static ulong ValueOf(uint family, in InstanceFacts facts) => family switch
    {
        2 => facts.MemoryBytes,
        3 => facts.FreeBytes,
        4 => facts.SystemCalls,
        5 => facts.Switches,
        6 => facts.Interrupts,
        7 => facts.WakeUps,
        _ => facts.Slept,
    };

    private static bool WriteProgram<TMachine>(ref TMachine machine, uint family, uint program, ref ByteWriter to)
        where TMachine : struct, IMachine
    {
        MetricFamily metric = family switch
        {
            0 => new("atoll_program_running"u8, "Whether the program runs or waits: 1, or else 0."u8),
            1 => new("atoll_program_starts_total"u8, "Times that the program was started."u8),
            2 => new("atoll_program_memory_bytes"u8, "Memory that is set aside for the program."u8),
            3 => new("atoll_program_run_seconds_total"u8, "Time that the program has run."u8),
            _ => new("atoll_program_system_calls_total"u8, "System calls of the program that took the long way."u8),
        };
        if (program == 0)
        {
            metric.Begin(ref to);
        }

        // Programs of other cores are those of others to tell.
        ProgramName name = default;
        if (machine.TryDescribe(program, ref name, out ProgramFacts facts) && facts.State != ProgramState.Elsewhere)
        {
            machine.Describe(out InstanceFacts instance);
            ulong value = family switch
            {
                0 => facts.State == ProgramState.Running ? 1u : 0u,
                1 => facts.Starts,
                2 => facts.MemoryBytes,
                3 => facts.Ran,
                _ => facts.SystemCalls,
            };
            metric.AddOfProgram(ref to, instance.Core, Text.OfName(in name), value);
        }

        return program + 1 >= machine.CountPrograms();
    }

    private static bool WriteHttp(uint family, uint place, in HttpCounters counters, ref ByteWriter to)
    {
        MetricFamily metric = HttpMetric(family);
        if (place == 0)
        {
            metric.Begin(ref to);
        }

        switch (family)
        {
            case ResponseFamily:
                HttpEvent kind = HttpEvent.Successes + (int)place;
                metric.Add(ref to, "class"u8, "2xx3xx4xx5xx"u8.Slice((int)place * 3, 3), counters.Of(kind));
                return kind == HttpEvent.ServerErrors;
            case FaultFamily:
                RequestFault fault = RequestFault.None + 1 + (int)place;
                metric.Add(ref to, "cause"u8, RequestFaults.SentenceOf(fault), counters.Of(fault));
                return fault + 1 == RequestFault.Count;
            case HttpFamily:
                metric.Add(ref to, counters.Of(HttpEvent.Requests));
                return true;
            default:
                metric.Add(ref to, ValueOf(family, counters));
                return true;
        }
    }

    private static ulong ValueOf(uint family, in HttpCounters counters) => (family - FaultFamily) switch
    {
        1 => counters.Of(HttpEvent.ConnectionsOpened) - counters.Of(HttpEvent.ConnectionsClosed),
        2 => counters.Of(HttpEvent.ConnectionsOpened),
        3 => counters.Of(HttpEvent.ConnectionsClosed),
        4 => counters.Of(HttpEvent.BytesReceived),
        5 => counters.Of(HttpEvent.BytesSent),
        6 => counters.Of(HttpEvent.Continues),
        7 => counters.Of(HttpEvent.IdleEnds),
        8 => counters.Of(HttpEvent.SlowReaders),
        _ => counters.Of(HttpEvent.ApplicationFaults),
    };

    private static MetricFamily HttpMetric(uint family) => (family - HttpFamily) switch
    {
        0 => new("atoll_http_requests_total"u8, "Heads of requests that nothing is wrong with."u8),
        1 => new("atoll_http_responses_total"u8, "Answers that were begun, by class of their status."u8),
        2 => new("atoll_http_refusals_total"u8, "Requests that were refused, by cause."u8),
        3 => new("atoll_http_connections"u8, "Connections that are open."u8),
        4 => new("atoll_http_connections_opened_total"u8, "Connections that began."u8),
        5 => new("atoll_http_connections_closed_total"u8, "Connections that ended."u8),
        6 => new("atoll_http_received_bytes_total"u8, "Bytes that came in."u8),
        7 => new("atoll_http_sent_bytes_total"u8, "Bytes that went out."u8),
        8 => new("atoll_http_continues_total"u8, "Clients that were told to send their content."u8),
        9 => new("atoll_http_idle_ends_total"u8, "Connections that ended because nothing was asked."u8),
        10 => new("atoll_http_slow_readers_total"u8, "Connections that were cut because answers were not taken."u8),
        _ => new("atoll_http_application_faults_total"u8, "Connections that were cut because the application broke its word."u8),
    };
}
