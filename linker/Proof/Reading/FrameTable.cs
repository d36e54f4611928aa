using Atoll.Linker.Binary;
using Atoll.Linker.Dwarf;
using Atoll.Linker.Model;

namespace Atoll.Linker.Proof.Reading;

/// <summary>Call frame information of an image, from its <c>.debug_frame</c>.</summary>
/// <remarks>Source: DWARF 4, 6.4.1 "Structure of Call Frame Information".</remarks>
public sealed class FrameTable
{
    private const uint CommonId = uint.MaxValue;

    private readonly Dictionary<uint, CommonFrame> _commons = [];
    private readonly SortedList<ulong, FrameRange> _ranges = [];

    private FrameTable()
    {
    }

    /// <summary>Reads the section.</summary>
    /// <returns>Null when it is damaged.</returns>
    public static FrameTable? Read(WrittenImage image)
    {
        FrameTable table = new();
        ReadOnlyMemory<byte> section = image.ContentOf(".debug_frame");
        ByteCursor cursor = new(section.Span);
        while (!cursor.IsAtEnd)
        {
            uint offset = (uint)cursor.Position;
            uint length = cursor.U32();
            int body = cursor.Position;
            cursor.Take(length);
            if (cursor.Failed || !table.ReadEntry(offset, section.Slice(body, (int)length)))
            {
                return null;
            }
        }

        return cursor.Failed ? null : table;
    }

    /// <summary>The rule that holds at an address, or null where nothing is known.</summary>
    public CallFrameRow? At(ulong address)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ranges.Keys[middle] <= address ? (middle + 1, high) : (low, middle);
        }

        if (low == 0 || address - _ranges.Keys[low - 1] >= _ranges.Values[low - 1].SizeBytes)
        {
            return null;
        }

        int offset = (int)(address - _ranges.Keys[low - 1]);
        CallFrameRow? found = null;
        foreach (CallFrameRow row in _ranges.Values[low - 1].Rows)
        {
            found = row.CodeOffset <= offset ? row : found;
        }

        return found;
    }

    private bool ReadEntry(uint offset, ReadOnlyMemory<byte> entry)
    {
        ByteCursor cursor = new(entry.Span);
        uint common = cursor.U32();
        return common == CommonId
            ? ReadCommon(offset, entry, ref cursor)
            : _commons.TryGetValue(common, out CommonFrame? frame) && ReadDescription(frame, entry, ref cursor);
    }

    private bool ReadCommon(uint offset, ReadOnlyMemory<byte> entry, ref ByteCursor cursor)
    {
        cursor.U8();
        bool isSignalFrame = cursor.String() == "S";
        (ulong codeAlignment, long dataAlignment, byte register) = (cursor.Uleb(), cursor.Sleb(), cursor.U8());
        _commons[offset] = new CommonFrame(
            codeAlignment, dataAlignment, register, isSignalFrame, entry[cursor.Position..]);
        return !cursor.Failed;
    }

    /// <summary>Signal frames have rules that no call site needs.</summary>
    private bool ReadDescription(CommonFrame common, ReadOnlyMemory<byte> entry, ref ByteCursor cursor)
    {
        (ulong start, ulong length) = (cursor.U64(), cursor.U64());
        if (cursor.Failed || common.IsSignalFrame)
        {
            return !cursor.Failed;
        }

        ReadOnlyMemory<byte> instructions = entry[cursor.Position..];
        return CallFrameMachine.Run(common, instructions.Span, length) is { } rows
            && _ranges.TryAdd(start, new FrameRange(length, rows));
    }

    private sealed record FrameRange(ulong SizeBytes, IReadOnlyList<CallFrameRow> Rows);
}
