using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>Fixed slots of a shelf.</summary>
internal static class ShelfSlot
{
    internal const uint Space = 1;
    internal const uint Thread = 2;
    internal const uint Time = 3;
    internal const uint Node = 4;
    internal const uint Buffer = 5;
    internal const uint Information = 6;
    internal const uint Faults = 7;
    internal const uint Notification = 8;
    internal const uint First = 16;
    internal const uint End = 1u << SlotMap.ShelfRadix;
}

/// <summary>The capabilities by which Init controls one program, while they are being made. All its objects are made of the program's own memory, so
/// that revoking that memory takes the whole program away.</summary>
internal struct Shelf
{
    private const int LevelsBelowTop = 3;

    private readonly uint _program;
    private readonly CNodeTable _table;
    private readonly UntypedMemory _memory;
    private uint _next;

    internal Shelf(uint program, SlotMap slots)
    {
        _program = program;
        _table = new CNodeTable(slots.ShelfOf(program));
        _memory = new UntypedMemory(slots.MemoryOf(program));
        _next = ShelfSlot.First;
    }

    /// <summary>The table, for copying into it.</summary>
    internal readonly CNodeTable Table => _table;

    /// <summary>The program's own CNode.</summary>
    internal readonly CNodeTable Node => new(Address(ShelfSlot.Node));

    /// <summary>Address of a capability of the shelf.</summary>
    internal readonly ulong Address(uint index) => SlotMap.OnShelf(_program, index);

    /// <summary>Takes the next slot.</summary>
    /// <returns>0: none is left.</returns>
    internal uint Take() => _next == ShelfSlot.End ? 0 : _next++;

    /// <summary>Makes an object in a slot of the shelf.</summary>
    internal readonly LoadResult Make(CapabilityType type, uint index, byte sizeBits = 0) => Result(_memory.RetypeAll(type, _table, index, sizeBits));

    /// <summary>Makes objects in slots of the program's CNode.</summary>
    internal readonly LoadResult MakeForProgram(CapabilityType type, uint slot, byte sizeBits = 0, uint count = 1) =>
        Result(_memory.RetypeAll(type, Node, slot, sizeBits, count));

    /// <summary>Makes a page.</summary>
    internal LoadResult MakePage(out uint index, byte sizeBits = ObjectSize.FrameBits)
    {
        index = Take();
        return index == 0 ? LoadResult.OutOfSlots : Make(CapabilityType.Frame, index, sizeBits);
    }

    /// <summary>Maps a frame of the shelf for the program.</summary>
    internal LoadResult Map(uint frame, ulong at, MapRights rights)
    {
        for (int attempt = 0; attempt <= LevelsBelowTop; attempt++)
        {
            SystemResult result = new MemoryFrame(Address(frame)).Map(Address(ShelfSlot.Space), at, rights, out uint level);
            if (result == SystemResult.Ok)
            {
                return LoadResult.Started;
            }

            if (result != SystemResult.TableMissing)
            {
                return LoadResult.ImageInvalid;
            }

            LoadResult added = AddTable(at, level);
            if (added != LoadResult.Started)
            {
                return added;
            }
        }

        return LoadResult.ImageInvalid;
    }

    /// <summary>Maps a frame that Init has in the root, by a copy.</summary>
    internal LoadResult MapCopy(uint rootSlot, ulong at, MapRights rights)
    {
        uint copy = Take();
        if (copy == 0)
        {
            return LoadResult.OutOfSlots;
        }

        return _table.Copy(copy, SlotMap.Root, rootSlot) == SystemResult.Ok ? Map(copy, at, rights) : LoadResult.ImageInvalid;
    }

    private LoadResult AddTable(ulong at, uint level)
    {
        uint index = Take();
        if (index == 0)
        {
            return LoadResult.OutOfSlots;
        }

        LoadResult made = Make(CapabilityType.PageTable, index);
        if (made != LoadResult.Started)
        {
            return made;
        }

        return new TranslationTable(Address(index)).Map(Address(ShelfSlot.Space), PageTables.SpanStart(at, level), level) == SystemResult.Ok
            ? LoadResult.Started
            : LoadResult.ImageInvalid;
    }

    private static LoadResult Result(SystemResult result) => result switch
    {
        SystemResult.Ok => LoadResult.Started,
        SystemResult.NotEnoughMemory => LoadResult.ProgramOutOfMemory,
        _ => LoadResult.SystemInvalid,
    };
}
