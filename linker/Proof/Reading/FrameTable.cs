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
    private readonly List<FrameRange> _ranges = [];

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

        return cursor.Failed || !table.Sort() ? null : table;
    }

    /// <summary>Two descriptions of one place would be two truths.</summary>
    private bool Sort()
    {
        _ranges.Sort((left, right) => left.Start.CompareTo(right.Start));
        for (int index = 1; index < _ranges.Count; index++)
        {
            if (_ranges[index].Start - _ranges[index - 1].Start < _ranges[index - 1].SizeBytes
                || _ranges[index].Start == _ranges[index - 1].Start)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The rule that holds at an address, or null where nothing is known.</summary>
    public CallFrameRow? At(ulong address)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _ranges[middle].Start <= address ? (middle + 1, high) : (low, middle);
        }

        return low == 0 || address - _ranges[low - 1].Start >= _ranges[low - 1].SizeBytes
            ? null
            : RowAt(_ranges[low - 1].Rows, (int)(address - _ranges[low - 1].Start));
    }

    private static CallFrameRow? RowAt(IReadOnlyList<CallFrameRow> rows, int offset)
    {
        int low = 0;
        int high = rows.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = rows[middle].CodeOffset <= offset ? (middle + 1, high) : (low, middle);
        }

        return low > 0 ? rows[low - 1] : null;
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
        return !cursor.Failed && entry.Length - cursor.Position <= CommonFrame.InstructionBytesMax;
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
        if (length > int.MaxValue || CallFrameMachine.Run(common, instructions.Span, length) is not { } rows)
        {
            return false;
        }

        _ranges.Add(new FrameRange(start, length, rows));
        return true;
    }

    private sealed record FrameRange(ulong Start, ulong SizeBytes, IReadOnlyList<CallFrameRow> Rows);
}
