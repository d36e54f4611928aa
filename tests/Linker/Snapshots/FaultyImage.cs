using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using Atoll.Linker.Tests.Proof;
using static Atoll.Linker.Elf.ElfNative;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>An image with one fault, and what the proof says to it.</summary>
/// <param name="Name">What is wrong, in a few words.</param>
/// <param name="Image">The file.</param>
internal sealed record FaultyImage(string Name, ReadOnlyMemory<byte> Image)
{
    private static readonly LinkedImage s_good = LinkedImage.Of(ObjectBuilder.WithRoots());
    private static readonly LinkedImage s_jump = ProofSubject.WithBootMain([0xEB, 0x00, 0xC3]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultyImage> All { get; } =
    [
        new("no image", "no image"u8.ToArray()),
        new("object", ObjectBuilder.WithRoots().BuildBytes()),
        // lock inc dword [rdi]; ret
        WithMain("lock prefix", [0xF0, 0xFF, 0x07, 0xC3]),
        // xchg [rax], ecx; ret
        WithMain("exchange with memory", [0x87, 0x08, 0xC3]),
        WithMain("privileged instruction in C#", [0xF4, 0xC3]),
        // jmp rax
        WithMain("jump to anywhere", [0xFF, 0xE0]),
        // A jump to the next instruction becomes one to its own second byte.
        new("jump into an instruction", s_jump.Patched(s_jump.AddressOf("atoll_boot_main") + 1, 0xFF)),
        new("more stack than there is", ProofSubject.WithBootMain(a =>
        {
            a.sub(rsp, 0x7000);
            a.add(rsp, 0x7000);
            a.ret();
        }).Bytes),
        // vxorps ymm0, ymm0, ymm0; ret
        new("vector register that no interrupt saves", LinkedImage.Of(new ObjectBuilder()
            .Code("atoll_boot_main", [0xC3]).Code("atoll_instance_main", [0xC3]).Code("atoll_trap", [0xC5, 0xFC, 0x57, 0xC0, 0xC3])).Bytes),
        new("text that can be written", s_good.WithHeader(s_good.AddressOf("__text_start"), 4, PF_R | PF_W | PF_X)),
        new("symbol of the runtime", s_good.Renamed("atoll_trap", "RhpNewFast")),
        new("claim that nobody understands", s_good.WithClaims(
            [.. ProofSubject.Prove(s_good.Bytes).Report!.Trusted, "anything goes"])),
        new("claim that nothing needs", s_good.WithClaims(
            [.. ProofSubject.Prove(s_good.Bytes).Report!.Trusted, "privileged atoll_trap hlt"])),
    ];

    /// <summary>What the proof says.</summary>
    public IReadOnlyList<Diagnostic> Findings => ProofSubject.Prove(Image).Findings;

    private static FaultyImage WithMain(string name, byte[] code) => new(name, ProofSubject.WithBootMain(code).Bytes);
}
