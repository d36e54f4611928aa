using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

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

    /// <summary>The program's position in the system.</summary>
    internal readonly uint Program => _program;

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
    internal readonly StartFailure Make(CapabilityType type, uint index, byte sizeBits = 0) => Result(_memory.RetypeAll(type, _table, index, sizeBits));

    /// <summary>Makes objects in slots of the program's CNode.</summary>
    internal readonly StartFailure MakeForProgram(CapabilityType type, uint slot, byte sizeBits = 0, uint count = 1) =>
        Result(_memory.RetypeAll(type, Node, slot, sizeBits, count));

    /// <summary>Makes a page.</summary>
    internal StartFailure MakePage(out uint index, byte sizeBits = ObjectSize.FrameBits)
    {
        index = Take();
        return index == 0 ? StartFailure.OutOfSlots : Make(CapabilityType.Frame, index, sizeBits);
    }

    /// <summary>Maps a frame of the shelf for the program.</summary>
    internal StartFailure Map(uint frame, ulong at, MapRights rights)
    {
        for (int attempt = 0; attempt <= LevelsBelowTop; attempt++)
        {
            SystemResult result = new MemoryFrame(Address(frame)).Map(Address(ShelfSlot.Space), at, rights, out uint level);
            if (result != SystemResult.TableMissing)
            {
                return result == SystemResult.Ok ? StartFailure.None : StartFailure.ImageInvalid;
            }

            StartFailure added = AddTable(at, level);
            if (added != StartFailure.None)
            {
                return added;
            }
        }

        return StartFailure.ImageInvalid;
    }

    /// <summary>Says where the rings of a channel will be mapped for the program.</summary>
    internal StartFailure Attach(ChannelControl channel, ulong at)
    {
        for (int attempt = 0; attempt <= LevelsBelowTop; attempt++)
        {
            SystemResult result = channel.Attach(Address(ShelfSlot.Space), at, out uint level);
            if (result != SystemResult.TableMissing)
            {
                return result == SystemResult.Ok ? StartFailure.None : StartFailure.SystemInvalid;
            }

            StartFailure added = AddTable(at, level);
            if (added != StartFailure.None)
            {
                return added;
            }
        }

        return StartFailure.SystemInvalid;
    }

    /// <summary>Maps a frame that Init has in the root, by a copy.</summary>
    internal StartFailure MapCopy(uint rootSlot, ulong at, MapRights rights)
    {
        uint copy = Take();
        if (copy == 0)
        {
            return StartFailure.OutOfSlots;
        }

        return _table.Copy(copy, SlotMap.Root, rootSlot) == SystemResult.Ok ? Map(copy, at, rights) : StartFailure.ImageInvalid;
    }

    private StartFailure AddTable(ulong at, uint level)
    {
        uint index = Take();
        if (index == 0)
        {
            return StartFailure.OutOfSlots;
        }

        StartFailure made = Make(CapabilityType.PageTable, index);
        if (made != StartFailure.None)
        {
            return made;
        }

        return new TranslationTable(Address(index)).Map(Address(ShelfSlot.Space), PageTables.SpanStart(at, level), level) == SystemResult.Ok
            ? StartFailure.None
            : StartFailure.ImageInvalid;
    }

    private static StartFailure Result(SystemResult result) => result switch
    {
        SystemResult.Ok => StartFailure.None,
        SystemResult.NotEnoughMemory => StartFailure.ProgramOutOfMemory,
        _ => StartFailure.SystemInvalid,
    };
}
