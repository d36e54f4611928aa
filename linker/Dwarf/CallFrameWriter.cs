using Atoll.Linker.Binary;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>Writes a <c>.debug_frame</c> section.</summary>
/// <remarks>Source: DWARF 4, 6.4.1 "Structure of Call Frame Information".</remarks>
public sealed class CallFrameWriter
{
    private const uint CommonId = uint.MaxValue;
    private const byte Version = 1;

    private readonly ByteBuilder _section = new();
    private readonly Dictionary<(ulong, long, ulong, bool, string), uint> _commons = [];

    /// <summary>Bytes written so far.</summary>
    public int Length => _section.Length;

    /// <summary>What was written.</summary>
    public byte[] ToArray() => _section.ToArray();

    /// <summary>Appends the description of one range of code.</summary>
    public void Add(CommonFrame common, ulong start, ulong lengthBytes, ReadOnlyMemory<byte> instructions)
    {
        uint offset = OffsetOf(common);
        ByteBuilder entry = new ByteBuilder().U32(offset).U64(start).U64(lengthBytes).Bytes(instructions.Span);
        Append(entry);
    }

    /// <summary>Where a CIE of this content is; equal ones are written once.</summary>
    private uint OffsetOf(CommonFrame common)
    {
        var key = (
            common.CodeAlignment,
            common.DataAlignment,
            common.ReturnAddressRegister,
            common.IsSignalFrame,
            Convert.ToHexString(common.Instructions.Span));
        if (!_commons.TryGetValue(key, out uint offset))
        {
            offset = (uint)_section.Length;
            _commons.Add(key, offset);
            Append(new ByteBuilder()
                .U32(CommonId).U8(Version).String(common.IsSignalFrame ? "S" : "")
                .Uleb(common.CodeAlignment).Sleb(common.DataAlignment).U8((byte)common.ReturnAddressRegister)
                .Bytes(common.Instructions.Span));
        }

        return offset;
    }

    private void Append(ByteBuilder entry)
    {
        entry.Align(sizeof(ulong) / 2, DW_CFA_nop);
        // The length field itself is four bytes: entries stay eight-byte aligned with it.
        if ((entry.Length + sizeof(uint)) % sizeof(ulong) != 0)
        {
            entry.U32(DW_CFA_nop);
        }

        _section.U32((uint)entry.Length).Bytes(entry.ToArray());
    }
}
