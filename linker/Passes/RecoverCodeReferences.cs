using Atoll.Linker.Diagnostics;
using Atoll.Linker.Elf;
using Atoll.Linker.Model;
using Iced.Intel;

namespace Atoll.Linker.Passes;

/// <summary>Finds the calls between functions that ILC has already resolved, and makes relocations of them
/// again.</summary>
/// <remarks>
/// All code of an object is in one section, and ILC fills in relative calls, jumps and addresses within it without
/// leaving a relocation. Functions that are kept or dropped one by one move apart, so every instruction is decoded and
/// each such operand that leaves its function becomes an R_X86_64_PC32 against the section. ILC puts no data among the
/// instructions. Before: pieces with the object's own relocations. After: no instruction refers outside its piece
/// without one.
/// </remarks>
public static class RecoverCodeReferences
{
    private const int FieldBytes = sizeof(int);

    /// <summary>Runs the pass.</summary>
    public static void Run(LinkImage image)
    {
        foreach (InputObject input in image.Objects)
        {
            foreach (ObjectPiece piece in input.Pieces.Where(piece => piece.Section.IsExecutable))
            {
                Recover(image, input, piece);
            }
        }
    }

    private static void Recover(LinkImage image, InputObject input, ObjectPiece piece)
    {
        HashSet<ulong> relocated = [.. piece.Relocations.Select(relocation => relocation.Offset)];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(piece.Bytes.ToArray()), ip: piece.Offset);
        ulong end = piece.Offset + piece.SizeBytes;
        while (decoder.IP < end)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                Report(image, piece, instruction, "is no instruction");
                return;
            }

            if (TargetOf(instruction) is not { } target || (target >= piece.Offset && target < end))
            {
                continue;
            }

            ConstantOffsets fields = decoder.GetConstantOffsets(instruction);
            (int offset, int size) = instruction.IsIPRelativeMemoryOperand
                ? (fields.DisplacementOffset, fields.DisplacementSize)
                : (fields.ImmediateOffset, fields.ImmediateSize);
            ulong field = instruction.IP + (ulong)offset;
            if (relocated.Contains(field))
            {
                continue;
            }

            if (size != FieldBytes || field + FieldBytes != instruction.NextIP)
            {
                Report(image, piece, instruction, "reaches into other code in a way that cannot be relocated");
                return;
            }

            piece.Relocations.Add(new ElfRelocation(
                field,
                ElfNative.R_X86_64_PC32,
                input.SectionSymbolOf(piece.Section),
                unchecked((long)target) - FieldBytes));
        }
    }

    /// <summary>Offset in the section that an instruction refers to relative to itself, or null.</summary>
    private static ulong? TargetOf(in Instruction instruction)
    {
        if (instruction.IsIPRelativeMemoryOperand)
        {
            return instruction.IPRelativeMemoryAddress;
        }

        bool isBranch = instruction.Op0Kind is OpKind.NearBranch64 or OpKind.NearBranch32 or OpKind.NearBranch16;
        return isBranch ? instruction.NearBranchTarget : null;
    }

    private static void Report(LinkImage image, ObjectPiece piece, in Instruction instruction, string what) =>
        image.Diagnostics.Report(
            DiagnosticCatalogue.MalformedElf,
            $"'{piece.Input.Name}' cannot be read: what is at "
            + $"'{piece.Name}'+0x{instruction.IP - piece.Offset:x} {what}.",
            piece.Name,
            piece.Input.Name);
}
