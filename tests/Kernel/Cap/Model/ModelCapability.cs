using Atoll.Abi;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>A capability as the documents tell it: a node of a plain tree.</summary>
public sealed class ModelCapability
{
    /// <summary>Slot it is in.</summary>
    public ulong Slot { get; set; }

    public CapabilityType Type { get; init; }

    public CapabilityRights Rights { get; set; }

    public byte SizeBits { get; init; }

    /// <summary>Address of the object; for an interrupt its number, for ports the first.</summary>
    public ulong Object { get; init; }

    /// <summary>Badge or guard.</summary>
    public ulong Word { get; set; }

    /// <summary>Bits of a guard; last port.</summary>
    public uint Extra { get; set; }

    /// <summary>Of an untyped: what is used.</summary>
    public ulong Watermark { get; set; }

    /// <summary>Whether it is a device's.</summary>
    public bool IsDevice { get; init; }

    /// <summary>Of a VSpace: which one. Of a frame or table: where it was mapped last (<see cref="IsMapped"/>).</summary>
    public ModelSpace? Space { get; set; }

    /// <summary>Where it is mapped.</summary>
    public ulong MappedAt { get; set; }

    /// <summary>Of a table: its level.</summary>
    public int Level { get; set; }

    /// <summary>Parent; of what was derived from nothing a list of its own, in no slot.</summary>
    public ModelCapability? Parent { get; set; }

    /// <summary>What was derived, in order.</summary>
    public List<ModelCapability> Children { get; } = [];

    /// <summary>Bytes of the object.</summary>
    public ulong Bytes => 1UL << ModelKinds.Bits(Type, SizeBits);

    /// <summary>Whether a frame or table is mapped where it was last. Of a frame: also by another capability to it.</summary>
    public bool IsMapped => Type switch
    {
        CapabilityType.PageTable => Space is not null && Space.Tables.GetValueOrDefault((Level, MappedAt)) == this,
        CapabilityType.Frame => Space is not null && Space.Frames.TryGetValue(MappedAt, out (ModelCapability Frame, string Rights) there)
            && there.Frame.Object == Object && there.Frame.SizeBits == SizeBits,
        _ => false,
    };

    /// <summary>Adds a child at the end.</summary>
    public void Add(ModelCapability child)
    {
        child.Parent = this;
        Children.Add(child);
    }

    /// <summary>Leaves the tree; the children take its place.</summary>
    public void Unlink()
    {
        List<ModelCapability> siblings = Parent!.Children;
        int at = siblings.IndexOf(this);
        siblings.RemoveAt(at);
        siblings.InsertRange(at, Children);
        foreach (ModelCapability child in Children)
        {
            child.Parent = Parent;
        }

        Children.Clear();
    }
}

/// <summary>An address space: what is mapped where.</summary>
public sealed class ModelSpace
{
    /// <summary>Address of its level 4 table.</summary>
    public ulong Root { get; init; }

    /// <summary>Tables by level and first address.</summary>
    public Dictionary<(int Level, ulong Base), ModelCapability> Tables { get; } = [];

    /// <summary>Frames by address, with the rights that they are mapped with.</summary>
    public Dictionary<ulong, (ModelCapability Frame, string Rights)> Frames { get; } = [];

    /// <summary>Bytes that a table of a level covers.</summary>
    public static ulong Span(int level) => 512UL << (3 + (9 * level));

    /// <summary>Takes out a table with all below it.</summary>
    public void Detach(ModelCapability table)
    {
        ulong end = table.MappedAt + Span(table.Level);
        foreach ((int Level, ulong Base) key in Tables.Keys.Where(key => key.Level <= table.Level && key.Base >= table.MappedAt
            && key.Base < end).ToList())
        {
            Tables.Remove(key);
        }

        foreach (ulong address in Frames.Keys.Where(address => address >= table.MappedAt && address < end).ToList())
        {
            Frames.Remove(address);
        }
    }
}

/// <summary>Sizes, typed in from docs/capabilities.md.</summary>
public static class ModelKinds
{
    /// <summary>What can be made.</summary>
    public static readonly CapabilityType[] Makeable =
    [
        CapabilityType.Untyped, CapabilityType.Frame, CapabilityType.PageTable, CapabilityType.VSpace, CapabilityType.CNode,
        CapabilityType.Thread, CapabilityType.Endpoint, CapabilityType.Notification, CapabilityType.Reply,
            CapabilityType.SchedulingContext,
    ];

    /// <summary>log2 of the bytes; 0: there is no such object.</summary>
    public static int Bits(CapabilityType type, int sizeBits) => type switch
    {
        CapabilityType.Untyped => sizeBits is >= 6 and <= 39 ? sizeBits : 0,
        CapabilityType.Frame => sizeBits is 12 or 21 or 30 ? sizeBits : 0,
        CapabilityType.CNode => sizeBits is >= 1 and <= 16 ? sizeBits + 6 : 0,
        _ when sizeBits != 0 => 0,
        CapabilityType.PageTable or CapabilityType.VSpace => 12,
        CapabilityType.Thread => 11,
        CapabilityType.SchedulingContext => 7,
        CapabilityType.Endpoint or CapabilityType.Notification or CapabilityType.Reply => 6,
        _ => 0,
    };

    /// <summary>Whether something ends with the last capability.</summary>
    public static bool HasEnd(CapabilityType type) => type is CapabilityType.PageTable or CapabilityType.VSpace or CapabilityType.CNode
        or CapabilityType.Thread or CapabilityType.Endpoint or CapabilityType.Notification or CapabilityType.Reply
        or CapabilityType.SchedulingContext or CapabilityType.IrqHandler;
}
