using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>The system table in the bundle. Counts and places are checked once, by <see cref="Open"/>; what the records say is not.</summary>
public readonly struct SystemView
{
    private readonly BundleView _bundle;
    private readonly ulong _offset;

    private SystemView(BundleView bundle, ulong offset)
    {
        _bundle = bundle;
        _offset = offset;
    }

    /// <summary>The header.</summary>
    public ref readonly SystemHeader Header => ref At<SystemHeader>(_offset, SystemHeader.SizeBytes);

    /// <summary>Finds the table and checks that all its records are there.</summary>
    public static StartFailure Open(BundleView bundle, out SystemView system)
    {
        system = default;
        if (!bundle.TryEntry(BundleKind.System, SystemHeader.None, out ulong offset, out ulong size) || size < SystemHeader.SizeBytes)
        {
            return StartFailure.SystemInvalid;
        }

        system = new SystemView(bundle, offset);
        ref readonly SystemHeader header = ref system.Header;
        bool isKnown = header.Magic == SystemHeader.MagicValue && header.Version == SystemHeader.VersionValue;
        bool fits = header.ProgramCount <= SystemHeader.ProgramsMax && header.GrantCount <= SystemHeader.GrantsMax
            && header.ChannelCount <= SystemHeader.ChannelsMax && header.RegionCount <= SystemHeader.RegionsMax
            && SystemHeader.SizeBytes + (header.ProgramCount * ProgramRecord.SizeBytes) + (header.GrantCount * GrantRecord.SizeBytes)
                + (header.RegionCount * RegionRecord.SizeBytes) <= size;
        return isKnown && fits ? StartFailure.None : StartFailure.SystemInvalid;
    }

    /// <summary>A program.</summary>
    public ref readonly ProgramRecord Program(uint index) =>
        ref At<ProgramRecord>(Programs + (index * ProgramRecord.SizeBytes), index < Header.ProgramCount ? ProgramRecord.SizeBytes : ulong.MaxValue);

    /// <summary>A grant.</summary>
    public ref readonly GrantRecord Grant(uint index) =>
        ref At<GrantRecord>(Grants + (index * GrantRecord.SizeBytes), index < Header.GrantCount ? GrantRecord.SizeBytes : ulong.MaxValue);

    /// <summary>A region.</summary>
    public ref readonly RegionRecord Region(uint index) =>
        ref At<RegionRecord>(Regions + (index * RegionRecord.SizeBytes), index < Header.RegionCount ? RegionRecord.SizeBytes : ulong.MaxValue);

    /// <summary>Whether a program runs on a core.</summary>
    public bool RunsOn(uint program, uint core)
    {
        uint where = Program(program).Core;
        return where == ProgramRecord.EveryCore || where == core;
    }

    private ulong Programs => _offset + SystemHeader.SizeBytes;

    private ulong Grants => Programs + (Header.ProgramCount * ProgramRecord.SizeBytes);

    private ulong Regions => Grants + (Header.GrantCount * GrantRecord.SizeBytes);

    // An index outside of its table asks for more bytes than there are: a mistake of Init's own, so it ends here.
    [Trusted(Safety = "The bytes are in the bundle, at a multiple of 8 from a page, and any bytes make a record.")]
    private unsafe ref T At<T>(ulong offset, ulong bytes)
        where T : unmanaged
    {
        if (!_bundle.TryView(offset, bytes, out ReadOnlySpan<byte> view))
        {
            ProgramExit.End(1);
        }

        return ref Unsafe.As<byte, T>(ref Unsafe.AsRef(in view[0]));
    }
}
