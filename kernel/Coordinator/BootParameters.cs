using System;
using Atoll.Base;
using Atoll.Instance;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Coordinator;

/// <summary>A core that a parameter names, or none.</summary>
public struct CoreChoice
{
    /// <summary>Core number plus one. 0: no core, so that zeroed memory chooses nobody.</summary>
    public uint CorePlusOne;

    /// <summary>Whether <paramref name="core"/> is the one.</summary>
    public readonly bool Is(uint core) => CorePlusOne == core + 1;
}

/// <summary>Boot parameters, decoded (docs/serial.md lists them).</summary>
public struct BootParameters
{
    /// <summary>Most instances to start. 0: all.</summary>
    public uint CoresMax;

    /// <summary>Messages to each partner of the workload. 0: for ever.</summary>
    public uint Messages;

    /// <summary>Period of live lines, milliseconds. 0: none.</summary>
    public uint LiveMilliseconds;

    /// <summary>Time a core has to become Healthy, milliseconds.</summary>
    public uint StartDeadlineMilliseconds;

    /// <summary>Core whose start code parks.</summary>
    public CoreChoice StartNever;

    /// <summary>Core whose start code waits until its deadline has passed.</summary>
    public CoreChoice StartLate;

    /// <summary>Fault to provoke.</summary>
    public FaultKind Fault;

    /// <summary>Core to provoke it on.</summary>
    public CoreChoice FaultCore;

    /// <summary>What to do at the end.</summary>
    public EndPolicy End;

    /// <summary>What the instances do.</summary>
    public WorkloadKind Workload;

    /// <summary>Empty turns of an event loop before it sleeps.</summary>
    public uint IdleTurns;

    /// <summary>Members to stop at seeded moments, one after another; each is started again.</summary>
    public uint Kills;

    /// <summary>Seed of those moments.</summary>
    public uint Seed;

    /// <summary>First core that takes part in the workload.</summary>
    public uint WorkloadFirst;

    /// <summary>Last core that takes part in the workload.</summary>
    public uint WorkloadLast;

    /// <summary>Whether to list private pages.</summary>
    public bool ReportPages;

    /// <summary>Whether to count what a send and a receive cost.</summary>
    public bool MeasureRings;
}

/// <summary>Every outcome of decoding the command line.</summary>
[MustUse]
public enum ParameterResult : byte
{
    /// <summary>All words are understood.</summary>
    Decoded,

    /// <summary>A word has no <c>=</c>.</summary>
    NotAPair,

    /// <summary>No parameter has this name.</summary>
    UnknownName,

    /// <summary>The value is no number, out of range, or no word that the parameter knows.</summary>
    BadValue,
}

/// <summary>Decodes the command line. It is untrusted.</summary>
public static class BootParameterDecoder
{
    private const ulong MillisecondsMax = 600_000;
    private const ulong KillsMax = 100_000;

    /// <summary>Decodes every word, or stops at the first bad one.</summary>
    /// <param name="line">The command line without its terminator.</param>
    /// <param name="parameters">Defaults, overridden by what the line says.</param>
    /// <param name="badWord">The word that was not understood, when the result is not Decoded.</param>
    public static ParameterResult Decode(ReadOnlySpan<byte> line, out BootParameters parameters, out ReadOnlySpan<byte> badWord)
    {
        parameters = default;
        parameters.StartDeadlineMilliseconds = Limits.StartDeadlineMilliseconds;
        parameters.Workload = WorkloadKind.Ring;
        parameters.WorkloadLast = Limits.InstanceCountMax - 1;
        parameters.IdleTurns = Limits.IdleTurnsMax;
        badWord = default;

        int at = 0;
        while (at < line.Length)
        {
            if (line[at] == ' ')
            {
                at++;
                continue;
            }

            int space = Ascii.IndexOf(line.Slice(at, line.Length - at), (byte)' ');
            int length = space < 0 ? line.Length - at : space;
            ReadOnlySpan<byte> word = line.Slice(at, length);
            ParameterResult result = DecodeWord(word, ref parameters);
            if (result != ParameterResult.Decoded)
            {
                badWord = word;
                return result;
            }

            at += length;
        }

        return ParameterResult.Decoded;
    }

    private static ParameterResult DecodeWord(ReadOnlySpan<byte> word, ref BootParameters parameters)
    {
        int equals = Ascii.IndexOf(word, (byte)'=');
        if (equals < 0)
        {
            return ParameterResult.NotAPair;
        }

        ReadOnlySpan<byte> name = word.Slice(0, equals);
        ReadOnlySpan<byte> value = word.Slice(equals + 1, word.Length - equals - 1);
        ParameterResult result = DecodeCounts(name, value, ref parameters);
        return result == ParameterResult.UnknownName ? DecodeChoices(name, value, ref parameters) : result;
    }

    private static ParameterResult DecodeCounts(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref BootParameters parameters)
    {
        if (Ascii.AreEqual(name, "cores"u8))
        {
            return Number(value, 1, Limits.InstanceCountMax, ref parameters.CoresMax);
        }

        if (Ascii.AreEqual(name, "live"u8))
        {
            return Number(value, 0, MillisecondsMax, ref parameters.LiveMilliseconds);
        }

        if (Ascii.AreEqual(name, "start.deadline"u8))
        {
            return Number(value, 1, MillisecondsMax, ref parameters.StartDeadlineMilliseconds);
        }

        if (Ascii.AreEqual(name, "messages"u8))
        {
            return Number(value, 0, uint.MaxValue, ref parameters.Messages);
        }

        if (Ascii.AreEqual(name, "idle.turns"u8))
        {
            return Number(value, 0, Limits.IdleTurnsMax, ref parameters.IdleTurns);
        }

        if (Ascii.AreEqual(name, "kills"u8))
        {
            return Number(value, 0, KillsMax, ref parameters.Kills);
        }

        return Ascii.AreEqual(name, "seed"u8) ? Number(value, 0, uint.MaxValue, ref parameters.Seed) : ParameterResult.UnknownName;
    }

    private static ParameterResult DecodeChoices(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref BootParameters parameters)
    {
        if (Ascii.AreEqual(name, "start.never"u8))
        {
            return Core(value, ref parameters.StartNever);
        }

        if (Ascii.AreEqual(name, "start.late"u8))
        {
            return Core(value, ref parameters.StartLate);
        }

        if (Ascii.AreEqual(name, "report"u8))
        {
            parameters.ReportPages = Ascii.AreEqual(value, "pages"u8);
            return parameters.ReportPages ? ParameterResult.Decoded : ParameterResult.BadValue;
        }

        if (Ascii.AreEqual(name, "measure"u8))
        {
            parameters.MeasureRings = Ascii.AreEqual(value, "rings"u8);
            return parameters.MeasureRings ? ParameterResult.Decoded : ParameterResult.BadValue;
        }

        if (Ascii.AreEqual(name, "workload"u8))
        {
            parameters.Workload = WorkloadKinds.Parse(value);
            return parameters.Workload == WorkloadKind.None && !Ascii.AreEqual(value, "none"u8)
                ? ParameterResult.BadValue
                : ParameterResult.Decoded;
        }

        if (Ascii.AreEqual(name, "workload.cores"u8))
        {
            return Range(value, ref parameters.WorkloadFirst, ref parameters.WorkloadLast);
        }

        if (Ascii.AreEqual(name, "end"u8))
        {
            return End(value, ref parameters.End);
        }

        return Ascii.AreEqual(name, "fault"u8) ? Fault(value, ref parameters) : ParameterResult.UnknownName;
    }

    private static ParameterResult Number(ReadOnlySpan<byte> value, ulong least, ulong most, ref uint target)
    {
        if (!Ascii.TryParseDecimal(value, most, out ulong number) || number < least)
        {
            return ParameterResult.BadValue;
        }

        target = (uint)number;
        return ParameterResult.Decoded;
    }

    private static ParameterResult Core(ReadOnlySpan<byte> value, ref CoreChoice choice)
    {
        if (!Ascii.TryParseDecimal(value, Limits.InstanceCountMax - 1, out ulong core))
        {
            return ParameterResult.BadValue;
        }

        choice.CorePlusOne = (uint)core + 1;
        return ParameterResult.Decoded;
    }

    private static ParameterResult Range(ReadOnlySpan<byte> value, ref uint first, ref uint last)
    {
        int dash = Ascii.IndexOf(value, (byte)'-');
        if (dash < 0)
        {
            return ParameterResult.BadValue;
        }

        ParameterResult result = Number(value.Slice(0, dash), 0, Limits.InstanceCountMax - 1, ref first);
        return result == ParameterResult.Decoded
            ? Number(value.Slice(dash + 1, value.Length - dash - 1), first, Limits.InstanceCountMax - 1, ref last)
            : result;
    }

    private static ParameterResult End(ReadOnlySpan<byte> value, ref EndPolicy policy)
    {
        if (Ascii.AreEqual(value, "pass"u8))
        {
            policy = EndPolicy.Pass;
        }
        else if (Ascii.AreEqual(value, "hold"u8))
        {
            policy = EndPolicy.Hold;
        }
        else if (Ascii.AreEqual(value, "never"u8))
        {
            policy = EndPolicy.Never;
        }
        else
        {
            return ParameterResult.BadValue;
        }

        return ParameterResult.Decoded;
    }

    private static ParameterResult Fault(ReadOnlySpan<byte> value, ref BootParameters parameters)
    {
        int at = Ascii.IndexOf(value, (byte)'@');
        if (at < 0)
        {
            return ParameterResult.BadValue;
        }

        parameters.Fault = FaultKinds.Parse(value.Slice(0, at));
        return parameters.Fault == FaultKind.None
            ? ParameterResult.BadValue
            : Core(value.Slice(at + 1, value.Length - at - 1), ref parameters.FaultCore);
    }
}
