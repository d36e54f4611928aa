using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <content>Frames and page tables.</content>
public sealed partial class ModelRun
{
    private void MapTable()
    {
        ulong table = Any(CapabilityType.PageTable);
        ulong space = Any(CapabilityType.VSpace);
        if (table == 0 || space == 0)
        {
            return;
        }

        // Mostly the table that is missing, so that frames find their way.
        ulong address = Address();
        int missing = Enumerable.Range(1, 3).LastOrDefault(at => !_model[space]!.Space!.Tables.ContainsKey((at,
            address & ~(ModelSpace.Span(at) - 1))), 1);
        ulong level = (ulong)(random.Next(8) == 0 ? random.Next(6) : missing);
        address = random.Next(20) == 0 ? address : address & ~(ModelSpace.Span((int)Math.Clamp(level, 1, 3)) - 1);
        SystemResult expected = _model.MapTable(table, space, address, level);
        Outcome outcome = PageTableMapping.Decode(
            in world.State.Capabilities, CapabilityWorld.At(table), in CapabilityWorld.Slot(space), address, level,
                out PageTableMapPlan plan);
        if (outcome.IsOk)
        {
            PageTableMapping.Commit(in plan);
        }

        Expect(expected, outcome.Result, $"enter table {Name(table)} in {Name(space)} at {address:x} level {level}");
    }

    private void MapFrame()
    {
        ulong frame = Any(CapabilityType.Frame);
        ulong space = Any(CapabilityType.VSpace);
        if (frame == 0 || space == 0)
        {
            return;
        }

        ulong rights = (ulong)(random.Next(12) == 0 ? random.Next(5) : random.Next(3));
        ulong address = random.Next(20) == 0 ? Address() + 0x200 : Address() & ~(_model[frame]!.Bytes - 1);
        if (random.Next(2) == 0 && _model[space]!.Space!.Tables.Keys.FirstOrDefault(table => table.Level == 1) is { Level: 1 } last)
        {
            address = last.Base + ((ulong)random.Next(3) * 0x1000);
        }

        if (random.Next(10) == 0 && _model[frame]!.IsMapped)
        {
            (space, address) = (SlotOf(_model[frame]!.Space!) ?? space, _model[frame]!.MappedAt);
        }

        SystemResult expected = _model.MapFrame(frame, space, address, rights);
        Outcome outcome = FrameMapping.Decode(
            in world.State.Capabilities, CapabilityWorld.At(frame), in CapabilityWorld.Slot(space), address, rights,
                out FrameMapPlan plan);
        if (outcome.IsOk)
        {
            FrameMapping.Commit(in plan);
        }

        Expect(expected, outcome.Result, $"map {Name(frame)} in {Name(space)} at {address:x} rights {rights}");
    }

    private void Unmap()
    {
        ulong frame = _model.Held.Values.FirstOrDefault(held => held.IsMapped && random.Next(3) == 0)?.Slot ?? Any(CapabilityType.Frame);
        if (frame != 0 && _model[frame]!.Type == CapabilityType.Frame)
        {
            SystemResult expected = _model.UnmapFrame(frame);
            Expect(expected, FrameMapping.Unmap(in world.State.Capabilities, CapabilityWorld.At(frame)).Result, $"unmap {Name(frame)}");
        }

        ulong table = Any(CapabilityType.PageTable);
        if (table != 0 && random.Next(3) == 0)
        {
            SystemResult expected = _model.UnmapTable(table);
            Expect(expected, PageTableMapping.Unmap(in world.State.Capabilities, CapabilityWorld.At(table)).Result,
                $"take out {Name(table)}");
        }
    }
}
