namespace Atoll.TestVm.Isolation;

/// <summary>A frame that one instance lends to another: both kernels' records say so.</summary>
/// <param name="Home">Core of the instance whose memory it is.</param>
/// <param name="Holder">Core of the other.</param>
/// <param name="Physical">Where it lies.</param>
/// <param name="Bytes">How large it is.</param>
/// <param name="MayWrite">Whether the holder may write.</param>
/// <param name="IsWhole">Whether it was lent as a whole: then nobody at home has it.</param>
/// <param name="Export">The record at home.</param>
/// <param name="Import">The record of the holder.</param>
public sealed record LentFrame(
    int Home, int Holder, ulong Physical, ulong Bytes, bool MayWrite, bool IsWhole, CrossingRecord Export, CrossingRecord Import)
{
    /// <summary>Whether a frame of 4 KiB is part of it.</summary>
    public bool Has(ulong frame) => frame >= Physical && frame - Physical < Bytes;
}

/// <summary>What instances lend each other, found in the records of their kernels: nobody believes one kernel alone.</summary>
/// <remarks>
/// A program of another core may have a frame when its kernel has a record of it and the home's kernel has one of that holder. Home records a holder before it tells it, and forgets it after
/// it has let go, so in whatever moment the machine was stopped: each record of a holder has one at home.
/// </remarks>
public sealed class LentFrames
{
    private const byte LentType = 20;
    private const ulong ParentTag = 1;

    private readonly List<LentFrame> _lent = [];
    private readonly List<(int Core, string Words)> _broken = [];

    /// <summary>Finds them.</summary>
    public LentFrames(MachineView machine, IReadOnlyList<InstanceSpace> spaces)
    {
        Dictionary<int, Dictionary<int, CrossingRecord>> exports = spaces.ToDictionary(
            space => space.Core, space => space.Records.ReadExports(machine.Memory).ToDictionary(record => record.Number));
        foreach (InstanceSpace holder in spaces)
        {
            foreach (CrossingRecord import in holder.Records.ReadImports(machine.Memory)
                .Where(record => record.IsMemory && record.Peer != holder.Core && (record.IsUsable || record.State == CrossingRecord.Arrived)))
            {
                InstanceSpace? home = spaces.FirstOrDefault(space => space.Core == import.Peer);
                CrossingRecord? export = home is null ? null : exports[home.Core].GetValueOrDefault((int)import.HomeNumber);
                if (Fault(holder, import, home, export) is { } words)
                {
                    _broken.Add((holder.Core, $"record {import.Number} of what it holds, frame 0x{import.Frame:x} of core {import.Peer}: {words}"));
                }
                else if (import.IsUsable)
                {
                    _lent.Add(new LentFrame(
                        home!.Core, holder.Core, import.Frame, import.Bytes, export!.MayWrite && import.MayWrite, IsWhole(machine, home, export), export, import));
                }
            }
        }
    }

    /// <summary>All that both kernels agree about.</summary>
    public IReadOnlyList<LentFrame> All => _lent;

    /// <summary>Records of holders that no home knows, with what is wrong.</summary>
    public IReadOnlyList<(int Core, string Words)> Broken => _broken;

    /// <summary>Whether programs of a core may have a frame of another's that way.</summary>
    public bool Allows(int core, ulong frame, bool writes) =>
        _lent.Exists(lent => lent.Holder == core && lent.Has(frame) && (lent.MayWrite || !writes));

    /// <summary>Whether a frame is lent as a whole by the core that it belongs to.</summary>
    public bool IsAway(int core, ulong frame) => _lent.Exists(lent => lent.Home == core && lent.IsWhole && lent.Has(frame));

    /// <summary>Whether all uses of a frame are its home's and its holders', a program of each.</summary>
    internal bool Explains(IGrouping<ulong, ProgramFrame> uses) =>
        _lent.Exists(lent => lent.Has(uses.Key))
        && uses.GroupBy(use => use.Core).All(core => core.Select(use => use.Program).Distinct().Count() == 1
            && (_lent.Exists(lent => lent.Home == core.Key && lent.Has(uses.Key)) || core.All(use => Allows(core.Key, uses.Key, use.Page.IsWritable))));

    private static string? Fault(InstanceSpace holder, CrossingRecord import, InstanceSpace? home, CrossingRecord? export) =>
        home is null ? "there is no such instance"
        : export is null || !export.IsMemory || export.Type != import.Type || export.Peer != holder.Core ? $"core {home.Core} has no record of this holder"
        : !export.IsUsable ? $"core {home.Core} believes that it is let go of"
        : export.Frame != import.Frame || export.Bytes != import.Bytes ? $"core {home.Core} lent 0x{export.Frame:x}, {export.Bytes} bytes"
        : !home.Grant.Owns(import.Frame) || !home.Grant.Owns(import.Frame + import.Bytes - 1) ? $"it is outside the grant {home.Grant}"
        : null;

    // Untyped memory moves as a whole. Of a frame that is lent as a whole nothing else is derived: the record is the only child.
    private static bool IsWhole(MachineView machine, InstanceSpace home, CrossingRecord export)
    {
        if (export.Type == CrossingRecord.UntypedType)
        {
            return true;
        }

        ulong parent = (export.Next & ~ParentTag) - InstanceWindow.ObjectsBase;
        return (export.Next & ParentTag) != 0 && home.Grant.Owns(parent) && (byte)machine.Memory.Word(parent) == LentType;
    }
}
