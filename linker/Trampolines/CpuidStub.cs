using Atoll.Linker.Model;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Trampolines;

/// <summary>Executes CPUID and stores EAX, EBX, ECX, EDX.</summary>
/// <remarks>Arguments: EDI leaf, ESI subleaf, RDX four 32-bit words. Source: Intel SDM Vol. 2A, "CPUID".</remarks>
public sealed class CpuidStub : CodeFragment
{
    /// <inheritdoc/>
    public override string Name => "x64_cpuid";

    /// <inheritdoc/>
    protected override void Assemble(CodeBuilder code, IFragmentContext context)
    {
        Assembler a = code.Asm;
        code.Called();
        code.Push(rbx); // the caller's, and CPUID overwrites it
        a.mov(r8, rdx);
        a.mov(eax, edi);
        a.mov(ecx, esi);
        a.cpuid();
        a.mov(__dword_ptr[r8], eax);
        a.mov(__dword_ptr[r8 + 4], ebx);
        a.mov(__dword_ptr[r8 + 8], ecx);
        a.mov(__dword_ptr[r8 + 12], edx);
        code.Pop(rbx);
        a.ret();
    }
}
