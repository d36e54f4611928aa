using System.Security.Cryptography;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof.Properties;

namespace Atoll.Linker.Proof;

/// <summary>The proof, as a table of contents: read this file to learn what holds of every image.</summary>
/// <remarks>
/// Everything is read from the finished file: its headers, symbols, machine code, call frame information and the note
/// of claims. The
/// linker's own idea of what it has written plays no part (docs/proof.md).
/// </remarks>
public static class ImageProof
{
    /// <summary>What the proof takes for granted, besides the claims.</summary>
    private static readonly string[] s_assumptions =
    [
        "The decoder (Iced) decodes as the processor does.",
        "The loader and the kernel map segments, stacks and copied code as the image says, "
            + "each stack between two pages that are not mapped.",
        "Functions keep RBX, RBP and R12 to R15 for their callers (System V ABI), and what lies above their arguments.",
        "LSTAR leads to the claimed entry of ring 3, FMASK clears every flag, and STAR and GDT are as ImageLayout says.",
        "Code that comes in otherwise than in this image is not covered, nor is what the hardware does by itself.",
    ];

    /// <summary>Proves an image.</summary>
    /// <param name="bytes">The written file; untrusted.</param>
    /// <param name="fileName">For diagnostics and the report.</param>
    /// <param name="diagnostics">Takes what does not hold.</param>
    /// <returns>The report; null when the file cannot be read at all.</returns>
    public static ProofReport? Run(ReadOnlyMemory<byte> bytes, string fileName, DiagnosticBag diagnostics)
    {
        if (ProofContext.Read(bytes, fileName, diagnostics) is not { } proof)
        {
            return null;
        }

        IReadOnlyList<StackBound> stacks = [];
        PropertyReport[] properties =
        [
            Property(
                "loader",
                "What a loader loads, where, and where it starts, is what was proved.",
                "fields and notes",
                LoaderView.Check),
            Property(
                "locks",
                "No instruction has a LOCK prefix or exchanges with memory.",
                "instructions",
                LockedInstructions.Check),
            Property(
                "privileged",
                "Privileged and mode-changing instructions are only where they are declared.",
                "such instructions",
                PrivilegedInstructions.Check),
            Property(
                "runtime",
                "No symbol of the .NET runtime is defined or wanted.",
                "symbols",
                RuntimeSymbols.Check),
            Property(
                "branches",
                "Every direct branch leads to an instruction of a known function.",
                "branches",
                BranchTargets.Check),
            Property(
                "indirect",
                "Every indirect call and jump has a known set of targets.",
                "indirect transfers",
                IndirectTargets.Check),
            Property(
                "stacks",
                "No entry needs more stack than there is.",
                "entries",
                context => StackBounds.Check(context, out stacks)),
            Property(
                "vectors",
                "No interrupt uses a vector register that it has not saved.",
                "instructions and functions",
                VectorRegisters.Check),
            Property(
                "user-exits",
                "Ring 3 finds in every register its own or nothing, and who comes from there is put away.",
                "exits",
                UserExits.Check),
            Property(
                "fences",
                "The fences of the protocol between cores lie between store and look.",
                "functions, looks and commands",
                ProtocolFences.Check),
            Property(
                "boot",
                "Nothing that runs after boot leads into the boot segment.",
                "references",
                BootCode.Check),
            Property(
                "segments",
                "No page is writable and executable.",
                "segments and sections",
                SegmentAccess.Check),
            Property(
                "padding",
                "Padding is empty.",
                "bytes",
                Padding.Check),
        ];

        return new ProofReport(
            fileName,
            Convert.ToHexStringLower(SHA256.HashData(bytes.Span)),
            proof.Claims.IsProgram,
            properties.All(property => property.Holds),
            proof.Code.Functions.Count,
            proof.Code.InstructionCount,
            properties,
            stacks,
            proof.Claims.Lines,
            s_assumptions);

        PropertyReport Property(string name, string statement, string what, Func<ProofContext, int> check)
        {
            DiagnosticBag found = proof.Check(check, out int examined);
            diagnostics.AddRange(found.Found);
            return new PropertyReport(name, statement, examined, what, !found.HasAny);
        }
    }
}
