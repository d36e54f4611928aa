namespace Atoll.Kernel.Tests.Cap.Defects;

/// <summary>A small wrong edit of kernel/Cap that the model test must find.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="File">File below kernel/Cap.</param>
/// <param name="Find">Text that occurs in it exactly once.</param>
/// <param name="Replace">What to put there.</param>
public sealed record CapabilityDefect(string Name, string File, string Find, string Replace)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<CapabilityDefect> All { get; } =
    [
        new("memory is handed out as it is", "Making/Retype.cs", "&& source.IsInside && !Zero(", "&& source.SizeBits == 0 && !Zero("),
        new("the watermark stays", "Making/Retype.cs", "source.Watermark = plan.End;", "_ = plan.End;"),
        new("objects are not aligned", "Making/Retype.cs", "Bits.AlignUp(source.Watermark, 1UL << bits)", "source.Watermark"),
        new("a slot in use is written over", "Making/Retype.cs",
            "if (!CNode.Slot(node.Slots, index).Value.IsEmpty)", "if (index == ulong.MaxValue)"),
        new("reset while objects live", "Making/UntypedReset.cs", "if (untyped.HasChildren)", "if (untyped.Other == ulong.MaxValue)"),
        new("a copy of an untyped shares its memory", "Slots/Copying.cs", "from.Watermark = 1UL << from.SizeBits;", "_ = from.SizeBits;"),
        new("a copy gets more rights", "Slots/Copying.cs", "copy.Rights = from.Rights & rights;", "copy.Rights = from.Rights | rights;"),
        new("a badge is given twice", "Slots/Copying.cs", "return source.Badge == 0;", "return word != ulong.MaxValue;"),
        new("a guard leaves no room for the radix", "Slots/Copying.cs", "guard.Bits + source.SizeBits <= CSpace.AddressBits && ", ""),
        new("a page table is copied", "Slots/Copying.cs", "CapabilityType.PageTable => new Outcome(SystemResult.NotCopyable),", ""),
        new("a copied frame thinks that it is mapped", "Slots/Copying.cs",
            "copy.SpaceNumber = 0;\n                copy.MappedAt = 0;", ""),
        new("what was derived from the deleted is lost", "Slots/Derivation.cs",
            "SetBefore(next, DerivationLink.Sibling(slot.LastChild));", ""),
        new("neighbours that change places name themselves", "Slots/Derivation.cs",
            "if (!link.Slot.Is(slot))", "if (link.IsParent || !link.Slot.Is(slot))"),
        new("an object ends while a copy of a copy lives", "Life/Deletion.cs", "!IsSame(in slot, slot.FirstChild) && ", ""),
        new("an object ends while the original lives", "Life/Deletion.cs", " && !IsSame(in slot, slot.Previous.Slot)", ""),
        new("revoke stops after one", "Life/Deletion.cs", "while (slot.Value.HasChildren)", "if (slot.Value.HasChildren)"),
        new("what is in a CNode outlives it", "Life/Deletion.cs", "if (record.Extra == 0)", "if (record.Extra != uint.MaxValue)"),
        new("a dying CNode goes before what hangs beside it", "Life/Deletion.cs", "else if (!TryPark(slot, child))", "else"),
        new("an endpoint goes while threads wait", "Life/Destruction.cs",
            "return THost.EndWait(ref state, last.Endpoint);", "THost.EndWait(ref state, last.Endpoint);\n                break;"),
        new("a thread keeps a notification that is gone", "Life/Destruction.cs", "Unbind(last.Notification);", ""),
        new("the core stays in tables that are gone", "Life/Destruction.cs", "THost.LeaveTables(ref state, last.Table.Physical);", ""),
        new("a deleted page table stays entered", "Life/Destruction.cs",
            "PageTableMapping.TakeOut(in THost.Capabilities(ref state), ref last);", ""),
        new("a deleted frame stays mapped", "Life/Deletion.cs",
            "FrameMapping.TakeOut(in THost.Capabilities(ref state), ref shrinks);", ""),
        new("a thread finds slots of a CNode that it lost", "Life/ThreadSlots.cs", "loser.PlainSlots = 0;", ""),
        new("a thread keeps the buffer of a frame that it lost", "Life/ThreadSlots.cs", "loser.Buffer = default;", ""),
        new("a thread runs in tables that it lost", "Life/ThreadSlots.cs", "loser.TableRoot = 0;", ""),
        new("a buffer in a frame that may not be written", "Life/ThreadSlots.cs",
            "frame.IsInside && (frame.Rights", "frame.IsInside && (CapabilityRights.All"),
        new("an unmapped page is still translated", "Mapping/FrameMapping.cs",
            "if (Cpu.PageTables() == state.Spaces.Find(slot.SpaceNumber).Physical)", "if (slot.SizeBits == 0)"),
        new("taken rights are still used", "Mapping/FrameMapping.cs",
            "if (replaces && Cpu.PageTables() == plan.Root)", "if (replaces && plan.Root == 0)"),
        new("a frame is mapped over another", "Mapping/FrameMapping.cs",
            "if (mapped.IsNull && PageTableEntry.IsPresent(plan.Entry.Value))", "if (plan.Entry.IsNull)"),
        new("a frame is mapped twice by one capability", "Mapping/FrameMapping.cs",
            "if (!mapped.IsNull && !isThere)", "if (address == ulong.MaxValue)"),
        new("a frame is written without the right", "Mapping/FrameMapping.cs",
            "? CapabilityRights.Read | CapabilityRights.Write", "? CapabilityRights.Read"),
        new("the last page of user memory is mapped", "Mapping/FrameMapping.cs",
            "address > UserSpace.End - size", "address > UserSpace.End"),
        new("pages of a table that is out are still translated", "Mapping/PageTableMapping.cs",
            "if (Cpu.PageTables() == root)", "if (root == 0)"),
        new("a table comes back with what it mapped elsewhere", "Mapping/PageTableMapping.cs",
            "if (slot.SpaceNumber != 0)", "if (slot.SpaceNumber == ulong.MaxValue)"),
        new("a table is entered in two places", "Mapping/PageTableMapping.cs",
            "if (!Locate(in state, in table.Value).IsNull)", "if (level > 9)"),
        new("the number of an address space is given again", "Mapping/VSpaceTable.cs", "entry.Number += 1UL << IndexBits;", ""),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
