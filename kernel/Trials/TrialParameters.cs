using System;
using Atoll.Base;
using Atoll.Coordinator;

namespace Atoll.Trials;

/// <summary>A core that a parameter names, or none.</summary>
public struct CoreChoice
{
    /// <summary>Core number plus one. 0: no core, so that zeroed memory chooses nobody.</summary>
    public uint CorePlusOne;

    /// <summary>Whether <paramref name="core"/> is the one.</summary>
    public readonly bool Is(uint core) => CorePlusOne == core + 1;
}

/// <summary>Boot parameters that only the image for tests knows (docs/serial.md, "Trials").</summary>
public struct TrialParameters
{
    private const ulong KillsMax = 100_000;
    private const ulong HostileMessagesMax = 1_000_000;

    /// <summary>What the instances do.</summary>
    public WorkloadParameters Workload;

    /// <summary>Core whose start code parks.</summary>
    public CoreChoice StartNever;

    /// <summary>Core whose start code waits until its deadline has passed.</summary>
    public CoreChoice StartLate;

    /// <summary>Fault to provoke.</summary>
    public FaultKind Fault;

    /// <summary>Core to provoke it on.</summary>
    public CoreChoice FaultCore;

    /// <summary>Messages that a hostile kernel sends to each other one.</summary>
    public uint HostileMessages;

    /// <summary>Members to stop at seeded moments, one after another; each is started again.</summary>
    public uint Kills;

    /// <summary>How they die.</summary>
    public KillWays KillWays;

    /// <summary>Seed of those moments.</summary>
    public uint Seed;

    /// <summary>Whether to count what a send and a receive cost.</summary>
    public bool MeasureRings;

    /// <summary>Takes one parameter. It is untrusted.</summary>
    public ParameterResult Decode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.AreEqual(name, "kills"u8))
        {
            return BootParameterDecoder.Number(value, 0, KillsMax, ref Kills);
        }

        if (Ascii.AreEqual(name, "hostile.messages"u8))
        {
            return BootParameterDecoder.Number(value, 0, HostileMessagesMax, ref HostileMessages);
        }

        if (Ascii.AreEqual(name, "seed"u8))
        {
            return BootParameterDecoder.Number(value, 0, uint.MaxValue, ref Seed);
        }

        if (Ascii.AreEqual(name, "kills.how"u8))
        {
            KillWays = Ascii.AreEqual(value, "any"u8) ? KillWays.Any : Ascii.AreEqual(value, "publish"u8) ? KillWays.Publish : KillWays.Stop;
            return KillWays != KillWays.Stop || Ascii.AreEqual(value, "stop"u8) ? ParameterResult.Decoded : ParameterResult.BadValue;
        }

        if (Ascii.AreEqual(name, "start.never"u8))
        {
            return Core(value, ref StartNever);
        }

        if (Ascii.AreEqual(name, "start.late"u8))
        {
            return Core(value, ref StartLate);
        }

        if (Ascii.AreEqual(name, "measure"u8))
        {
            MeasureRings = Ascii.AreEqual(value, "rings"u8);
            return MeasureRings ? ParameterResult.Decoded : ParameterResult.BadValue;
        }

        return Ascii.AreEqual(name, "fault"u8) ? DecodeFault(value) : Workload.Decode(name, value);
    }

    /// <summary>What cannot come true on this machine, for people; empty when all can.</summary>
    /// <param name="cores">Cores that get an instance.</param>
    public readonly ReadOnlySpan<byte> Contradiction(uint cores)
    {
        if (FaultCore.CorePlusOne > cores)
        {
            return "fault= names a core that gets no instance"u8;
        }

        if (StartNever.CorePlusOne > cores || StartLate.CorePlusOne > cores)
        {
            return "start.never= or start.late= names a core that gets no instance"u8;
        }

        if (StartNever.CorePlusOne == 1 || StartLate.CorePlusOne == 1)
        {
            return "start.never= or start.late= names core 0, which nobody starts"u8;
        }

        if (StartNever.CorePlusOne != 0 && StartNever.CorePlusOne == StartLate.CorePlusOne)
        {
            return "start.never= and start.late= name the same core"u8;
        }

        if (Fault != FaultKind.None && (StartNever.CorePlusOne == FaultCore.CorePlusOne || StartLate.CorePlusOne == FaultCore.CorePlusOne))
        {
            return "fault= names a core that start.never= or start.late= keeps from starting"u8;
        }

        if (Fault == FaultKind.Hostile && FaultCore.Is(CoordinatorInstance.Core))
        {
            return "fault=hostile names core 0, whom the members believe"u8;
        }

        if (Kills == 0)
        {
            return default;
        }

        return cores < 2 ? "kills= needs a member to stop, and there is none: give the machine more cores"u8
            : StartNever.CorePlusOne != 0 || StartLate.CorePlusOne != 0 ? "kills= waits until all cores run, which start.never= or start.late= prevents"u8
            : Fault != FaultKind.None ? "kills= starts the dead again, so that fault= would not be told from it"u8
            : default;
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

    private ParameterResult DecodeFault(ReadOnlySpan<byte> value)
    {
        int at = Ascii.IndexOf(value, (byte)'@');
        if (at < 0)
        {
            return ParameterResult.BadValue;
        }

        Fault = FaultKinds.Parse(value.Slice(0, at));
        return Fault == FaultKind.None
            ? ParameterResult.BadValue
            : Core(value.Slice(at + 1, value.Length - at - 1), ref FaultCore);
    }
}
