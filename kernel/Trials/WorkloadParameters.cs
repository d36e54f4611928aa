using System;
using Atoll.Base;
using Atoll.Coordinator;
using Atoll.Workloads;

namespace Atoll.Trials;

/// <summary>Boot parameters that say what instances do to show that messages pass (docs/serial.md, "Trials").</summary>
public struct WorkloadParameters
{
    /// <summary>Messages to each partner. 0: for ever.</summary>
    public uint Messages;

    /// <summary>Period of live lines, milliseconds. 0: none.</summary>
    public uint LiveMilliseconds;

    private WorkloadKind _kind;
    private bool _isKindSaid;
    private bool _areIdleTurnsSaid;
    private bool _areCoresSaid;
    private uint _idleTurns;
    private uint _first;
    private uint _last;

    /// <summary>Empty turns of an event loop before it sleeps.</summary>
    public readonly uint IdleTurns => _areIdleTurnsSaid ? _idleTurns : Limits.IdleTurnsMax;

    /// <summary>What the instances do. Unless it is said, those with programs have enough to do.</summary>
    /// <param name="havePrograms">Whether instances have programs.</param>
    public readonly WorkloadKind Kind(bool havePrograms) => _isKindSaid ? _kind : havePrograms ? WorkloadKind.None : WorkloadKind.Ring;

    /// <summary>Whether a core may take part.</summary>
    public readonly bool Includes(uint core) => !_areCoresSaid || (core >= _first && core <= _last);

    /// <summary>Takes one parameter. It is untrusted.</summary>
    public ParameterResult Decode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.AreEqual(name, "messages"u8))
        {
            return BootParameterDecoder.Number(value, 0, uint.MaxValue, ref Messages);
        }

        if (Ascii.AreEqual(name, "live"u8))
        {
            return BootParameterDecoder.Number(value, 0, BootParameterDecoder.MillisecondsMax, ref LiveMilliseconds);
        }

        if (Ascii.AreEqual(name, "idle.turns"u8))
        {
            _areIdleTurnsSaid = true;
            return BootParameterDecoder.Number(value, 0, Limits.IdleTurnsMax, ref _idleTurns);
        }

        if (Ascii.AreEqual(name, "workload"u8))
        {
            _isKindSaid = true;
            _kind = WorkloadKinds.Parse(value);
            return _kind == WorkloadKind.None && !Ascii.AreEqual(value, "none"u8) ? ParameterResult.BadValue : ParameterResult.Decoded;
        }

        return Ascii.AreEqual(name, "workload.cores"u8) ? DecodeCores(value) : ParameterResult.UnknownName;
    }

    private ParameterResult DecodeCores(ReadOnlySpan<byte> value)
    {
        int dash = Ascii.IndexOf(value, (byte)'-');
        if (dash < 0)
        {
            return ParameterResult.BadValue;
        }

        _areCoresSaid = true;
        ParameterResult result = BootParameterDecoder.Number(value.Slice(0, dash), 0, Limits.InstanceCountMax - 1, ref _first);
        return result == ParameterResult.Decoded
            ? BootParameterDecoder.Number(value.Slice(dash + 1, value.Length - dash - 1), _first, Limits.InstanceCountMax - 1, ref _last)
            : result;
    }
}
