using Atoll.Linker.Elf;

namespace Atoll.Linker.Inspect;

/// <summary>What one room of the kernel puts into the image.</summary>
/// <param name="Room">The room; <see cref="RoomSizes.Linker"/> or <see cref="RoomSizes.Padding"/> for what is from
/// none.</param>
/// <param name="Text">Bytes of code.</param>
/// <param name="ReadOnly">Bytes of constants.</param>
/// <param name="Data">Bytes that each instance copies.</param>
public sealed record RoomSize(string Room, ulong Text, ulong ReadOnly, ulong Data)
{
    /// <summary>All three.</summary>
    public ulong Total => Text + ReadOnly + Data;
}

/// <summary>Sizes by room: an inlined method counts for the room that it was inlined into.</summary>
public static class RoomSizes
{
    /// <summary>Trampolines, processor tables, the unwind table and notes, which the linker makes.</summary>
    public const string Linker = "linker";

    /// <summary>What no symbol covers: alignment.</summary>
    public const string Padding = "padding";

    // ILC puts the assembly in front of every name and writes its dot as an underscore.
    private const string AssemblyPrefix = "Atoll_";

    /// <summary>Sizes of all rooms, largest first.</summary>
    public static IReadOnlyList<RoomSize> Of(ElfFile file)
    {
        ILookup<ulong, string> names = file.Symbols.ToLookup(symbol => symbol.Value, symbol => symbol.Name);
        Dictionary<string, RoomSize> rooms = [];
        Add(".text", ElfNative.STT_FUNC, (size, bytes) => size with { Text = size.Text + bytes });
        Add(".rodata", ElfNative.STT_OBJECT, (size, bytes) => size with { ReadOnly = size.ReadOnly + bytes });
        Add(".data", ElfNative.STT_OBJECT, (size, bytes) => size with { Data = size.Data + bytes });
        return [.. rooms.Values.OrderByDescending(size => size.Total).ThenBy(size => size.Room, StringComparer.Ordinal)];

        void Add(string name, byte type, Func<RoomSize, ulong, RoomSize> grow)
        {
            if (file.FindSection(name) is not { } section)
            {
                return;
            }

            ulong rest = (ulong)section.Content.Length;
            foreach ((ElfSymbol symbol, _, int length) in SymbolCoverage.Of(file, section, type))
            {
                Count(RoomOf(names[symbol.Value]), (ulong)length, grow);
                rest -= (ulong)length;
            }

            Count(Padding, rest, grow);
        }

        void Count(string room, ulong bytes, Func<RoomSize, ulong, RoomSize> grow)
        {
            if (bytes > 0)
            {
                rooms[room] = grow(rooms.GetValueOrDefault(room) ?? new RoomSize(room, 0, 0, 0), bytes);
            }
        }
    }

    // An export has two names, of which one tells the room.
    private static string RoomOf(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            int end = name.IndexOf('_', int.Min(AssemblyPrefix.Length, name.Length));
            if (name.StartsWith(AssemblyPrefix, StringComparison.Ordinal) && end > AssemblyPrefix.Length)
            {
                return name[AssemblyPrefix.Length..end];
            }
        }

        return Linker;
    }
}
