using System.Runtime.InteropServices;
using Atoll.Abi;
using Atoll.Linker.Binary;
using Atoll.Linker.Model;
using static Atoll.Linker.Dwarf.DwarfNative;

namespace Atoll.Linker.Dwarf;

/// <summary>Turns the call frame rows of a fragment into DWARF.</summary>
/// <remarks>
/// Rows that know no caller say that there is none: without a description debuggers would guess one. Where a <see
/// cref="TrapFrame"/> holds the interrupted registers, or where a program called, the frame is one of its own, marked as a signal frame. Source:
/// DWARF 4, 6.4.2 "Call Frame Instructions".
/// </remarks>
public static class FragmentFrames
{
    private const long DataAlignment = -8;

    /// <summary>CFA = RSP + 8, return address at CFA - 8: what a CALL leaves.</summary>
    private static readonly CommonFrame s_called = new(
        1,
        DataAlignment,
        RegisterReturnAddress,
        false,
        new byte[] { DW_CFA_def_cfa, RegisterRsp, 8, DW_CFA_offset | RegisterReturnAddress, 1 });

    /// <summary>The return address is undefined: the standard's way of saying that this frame is the
    /// outermost.</summary>
    private static readonly CommonFrame s_outermost = new(
        1,
        DataAlignment,
        RegisterReturnAddress,
        false,
        new byte[] { DW_CFA_def_cfa, RegisterRsp, 8, DW_CFA_undefined, RegisterReturnAddress });

    /// <summary>The code goes on elsewhere, on a stack of its own.</summary>
    private static readonly CommonFrame s_interrupted = new(
        1, DataAlignment, RegisterReturnAddress, true, Array.Empty<byte>());

    private static readonly (int Register, string Field)[] s_trapFrame =
    [
        (RegisterReturnAddress, nameof(TrapFrame.Rip)),
        (RegisterRbp, nameof(TrapFrame.Rbp)),
        (RegisterRbx, nameof(TrapFrame.Rbx)),
        (RegisterR12, nameof(TrapFrame.R12)),
        (RegisterR13, nameof(TrapFrame.R13)),
        (RegisterR14, nameof(TrapFrame.R14)),
        (RegisterR15, nameof(TrapFrame.R15)),
    ];

    /// <summary>One description for each stretch of rows of one kind.</summary>
    public static IEnumerable<FrameDescription> Of(FragmentPiece piece)
    {
        if (piece.Fragment.UserCaller is { } caller)
        {
            return [new FrameDescription(s_interrupted, piece, 0, piece.SizeBytes, CalledFromUser(caller))];
        }

        return OfRows(piece);
    }

    private static IEnumerable<FrameDescription> OfRows(FragmentPiece piece)
    {
        List<CallFrameRow> rows = piece.CallFrames.Count > 0
            ? piece.CallFrames
            : [new CallFrameRow(0, UnwindRule.End, 0, 0)];
        int first = 0;
        while (first < rows.Count)
        {
            int next = first + 1;
            while (next < rows.Count && KindOf(rows[next]) == KindOf(rows[first]))
            {
                next++;
            }

            ulong start = (ulong)rows[first].CodeOffset;
            ulong end = next < rows.Count ? (ulong)rows[next].CodeOffset : piece.SizeBytes;
            yield return new FrameDescription(
                KindOf(rows[first]), piece, start, end - start, Instructions(rows[first..next]));
            first = next;
        }
    }

    private static CommonFrame KindOf(CallFrameRow row) => row.Rule switch
    {
        UnwindRule.FromTrapFrame => s_interrupted,
        UnwindRule.End => s_outermost,
        _ => s_called,
    };

    private static byte[] Instructions(List<CallFrameRow> rows)
    {
        ByteBuilder builder = new();
        int location = rows[0].CodeOffset;
        foreach (CallFrameRow row in rows)
        {
            if (row.CodeOffset != location)
            {
                builder.U8(DW_CFA_advance_loc4).U32((uint)(row.CodeOffset - location));
                location = row.CodeOffset;
            }

            switch (row.Rule)
            {
                case UnwindRule.FromTrapFrame:
                    WriteInterrupted(builder, row.CfaOffset);
                    break;
                case UnwindRule.FromStackPointer:
                case UnwindRule.FromFramePointer:
                    WriteCalled(builder, row);
                    break;
                default:
                    break;
            }
        }

        return builder.ToArray();
    }

    private static void WriteCalled(ByteBuilder builder, CallFrameRow row)
    {
        int register = row.Rule == UnwindRule.FromFramePointer ? RegisterRbp : RegisterRsp;
        builder.U8(DW_CFA_def_cfa).Uleb((ulong)register).Uleb((ulong)row.CfaOffset);
        if (row.FramePointerSlot > 0)
        {
            builder.U8(DW_CFA_offset | RegisterRbp).Uleb((ulong)row.FramePointerSlot);
        }
        else
        {
            builder.U8(DW_CFA_same_value).Uleb(RegisterRbp);
        }
    }

    /// <summary>CFA is the interrupted RSP, which the trap frame holds like every other register.</summary>
    private static void WriteInterrupted(ByteBuilder builder, int frameOffset)
    {
        byte[] stackPointer = new ByteBuilder()
            .U8(DW_OP_breg7).Sleb(frameOffset + OffsetOf(nameof(TrapFrame.Rsp))).U8(DW_OP_deref).ToArray();
        builder.U8(DW_CFA_def_cfa_expression).Uleb((ulong)stackPointer.Length).Bytes(stackPointer);
        foreach ((int register, string field) in s_trapFrame)
        {
            byte[] place = new ByteBuilder().U8(DW_OP_breg7).Sleb(frameOffset + OffsetOf(field)).ToArray();
            builder.U8(DW_CFA_expression).Uleb((ulong)register).Uleb((ulong)place.Length).Bytes(place);
        }
    }

    /// <summary>CFA is the program's RSP. Another stack than the kernel's, so the frame must count as a signal frame.</summary>
    private static byte[] CalledFromUser(UserCaller caller)
    {
        byte[] stackPointer = new ByteBuilder().U8(DW_OP_const8u).U64(caller.StackPointerAt).U8(DW_OP_deref).ToArray();
        byte[] instructionPointer = new ByteBuilder().U8(DW_OP_const8u).U64(caller.InstructionPointerAt).ToArray();
        return new ByteBuilder()
            .U8(DW_CFA_def_cfa_expression).Uleb((ulong)stackPointer.Length).Bytes(stackPointer)
            .U8(DW_CFA_expression).Uleb(RegisterReturnAddress).Uleb((ulong)instructionPointer.Length).Bytes(instructionPointer)
            .ToArray();
    }

    private static int OffsetOf(string field) => (int)Marshal.OffsetOf<TrapFrame>(field);
}
