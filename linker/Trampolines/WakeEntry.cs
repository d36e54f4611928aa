using Atoll.Abi;
using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Entry of an interrupt that only ends a halt: from ring 0 it ends the interrupt and returns. From ring 3 it
/// is an interrupt like any other, which C# ends.</summary>
/// <remarks>On entry the stack holds SS, RSP, RFLAGS, CS and RIP. Source: Intel SDM Vol. 3A, "EOI Register".</remarks>
/// <param name="vector">The vector, of an xAPIC.</param>
public sealed class WakeEntry(byte vector) : CodeFragment
{
    /// <summary>Offset of the EOI register (Intel SDM Vol. 3A, "Local APIC Register Address Map").</summary>
    private const ulong EndOfInterrupt = 0xB0;

    private const int CodeSegmentOffset = sizeof(ulong);

    /// <summary>Vectors whose gates lead here.</summary>
    public static IReadOnlyList<byte> Vectors { get; } = [InterruptVector.Timer, InterruptVector.Doorbell];

    /// <summary>All such entries.</summary>
    public static IReadOnlyList<WakeEntry> All { get; } = [.. Vectors.Select(vector => new WakeEntry(vector))];

    /// <inheritdoc/>
    public override string Name => SymbolOf(vector);

    /// <inheritdoc/>
    public override IReadOnlyList<string> References => [FullEntry];

    private string FullEntry => InterruptEntries.SymbolOf(vector);

    /// <inheritdoc/>
    public override CodeClaims Claims(IFragmentContext context) => new() { Privileged = ["iret"] };

    /// <summary>Symbol of the entry of a vector.</summary>
    public static string SymbolOf(int vector) => $"wake_entry_{vector}";

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Frame(UnwindRule.End, offset: 0);
        a.test(__byte_ptr[rsp + CodeSegmentOffset], ImageLayout.UserPrivilege);
        code.BranchTo(Code.Jne_rel32_64, context.AddressOf(FullEntry));
        // The register page lies in the top 2 GiB, so its address is a sign-extended 32-bit displacement.
        a.mov(__dword_ptr[unchecked((long)(ImageLayout.LocalApicPage + EndOfInterrupt))], 0);
        a.iretq();
    }
}
